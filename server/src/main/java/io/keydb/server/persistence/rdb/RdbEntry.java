package io.keydb.server.persistence.rdb;

import io.keydb.server.value.Holder;

/**
 * One key of an RDB stream with its value, as it lies there. A reusable flyweight.
 *
 * <p>Threads: confined to the reader; valid during the call that shows it.
 */
public final class RdbEntry {
    static final long NO_EXPIRY = Long.MIN_VALUE;

    static final int NOT_TOLD = -1;

    private final ValueDecoder decoder;
    long keyAddress;
    int keyLength;
    int type;
    long valueAddress;
    long valueLength;
    long expiryMillis = NO_EXPIRY;
    long idleSeconds = NOT_TOLD;
    int frequency = NOT_TOLD;

    RdbEntry(ValueDecoder decoder) {
        this.decoder = decoder;
    }

    public long keyAddress() {
        return keyAddress;
    }

    public int keyLength() {
        return keyLength;
    }

    public boolean hasExpiry() {
        return expiryMillis != NO_EXPIRY;
    }

    /** Seconds since it was last accessed; negative when that is not told. */
    public long idleSeconds() {
        return idleSeconds;
    }

    /** Its counter of accesses, 0 to 255; negative when that is not told. */
    public int frequency() {
        return frequency;
    }

    /** Unix milliseconds, not negative. */
    public long expiryMillis() {
        return Math.max(0, expiryMillis);
    }

    /**
     * Shows the content of the value.
     *
     * @return false when it has no elements, so that there is nothing to be held by a key
     */
    boolean show(ValueTarget target) throws RdbException {
        return decoder.decode(type, valueAddress, valueLength, target);
    }

    /**
     * Makes the value in a record of the holder, which has none yet. When it is damaged, the holder
     * may be left with a part of it.
     *
     * @return false when it has no elements; the holder has no record then
     */
    public boolean build(Holder holder) throws RdbException {
        return decoder.build(type, valueAddress, valueLength, holder);
    }
}
