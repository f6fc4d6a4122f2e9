package io.keydb.server.replication;

import java.nio.charset.StandardCharsets;

/**
 * How the snapshot of a full sync lies in the stream, as the line in front of it says:
 *
 * <pre>
 *   $&lt;length&gt; CR LF  rdb
 *   $EOF:&lt;40 bytes&gt; CR LF  rdb  the same 40 bytes
 * </pre>
 *
 * <p>Threads: immutable.
 *
 * @param mark what stands behind the snapshot; empty when its length was announced
 * @param announcedBytes its length, -1 when it was not announced
 */
record SyncFraming(String mark, long announcedBytes) {
    static final int MARK_LENGTH = 40;

    private static final String MARKED = "$EOF:";

    /** Understands the line in front of a snapshot. */
    static SyncFraming of(String line) throws PeerProtocolException {
        if (line.startsWith(MARKED) && line.length() == MARKED.length() + MARK_LENGTH) {
            return new SyncFraming(line.substring(MARKED.length()), -1);
        }
        try {
            long length = line.startsWith("$") ? Long.parseLong(line.substring(1)) : -1;
            if (length >= 0) {
                return new SyncFraming("", length);
            }
        } catch (NumberFormatException malformed) {
            // told below
        }
        throw new PeerProtocolException("it announced a snapshot with: " + line);
    }

    /** Whether the primary goes on only when it is told that the snapshot has been loaded. */
    boolean isMarked() {
        return !mark.isEmpty();
    }

    /** Whether these bytes are the mark. */
    boolean isMark(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII).equals(mark);
    }

    /** The announced length, 0 when there was none. */
    long totalBytes() {
        return Math.max(0, announcedBytes);
    }

    /** For the log: how it comes. */
    String text() {
        return isMarked() ? "streamed RDB" : announcedBytes + " bytes";
    }
}
