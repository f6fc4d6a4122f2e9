package io.keydb.server.persistence;

/**
 * How far loading has come, for INFO.
 *
 * <p>Threads: written by the thread that loads, read by any.
 */
public final class LoadProgress {
    private volatile long startMillis;
    private volatile long totalBytes;
    private volatile long readBytes;
    private volatile boolean isActive;
    private volatile long keysLoaded;
    private volatile long keysExpired;

    /** So many bytes are going to be read. */
    public void begin(long nowMillis, long bytes) {
        startMillis = nowMillis;
        totalBytes = bytes;
        readBytes = 0;
        keysExpired = 0;
        isActive = true;
    }

    /** So many bytes of them have been read. */
    public void read(long bytes) {
        readBytes = bytes;
    }

    /** So many keys were left out, because their time had come. */
    void expired(long keys) {
        keysExpired = keys;
    }

    long keysExpired() {
        return keysExpired;
    }

    /** Nothing is loaded any more; so many keys were. */
    public void end(long keys) {
        isActive = false;
        keysLoaded = keys;
    }

    long keysLoaded() {
        return keysLoaded;
    }

    boolean isActive() {
        return isActive;
    }

    long startMillis() {
        return startMillis;
    }

    long totalBytes() {
        return totalBytes;
    }

    long readBytes() {
        return readBytes;
    }

    /** Percent of the bytes. */
    double percent() {
        long total = totalBytes;
        return total == 0 ? 0 : readBytes * 100.0 / total;
    }

    /** Seconds that are left at the present speed. */
    long etaSeconds(long nowMillis) {
        long read = readBytes;
        return read == 0
                ? 1
                : Math.round((totalBytes - read) * ((nowMillis - startMillis) / 1000.0) / read);
    }
}
