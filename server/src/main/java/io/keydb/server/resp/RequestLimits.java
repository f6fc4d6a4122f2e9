package io.keydb.server.resp;

/**
 * What a request may cost at most. One object is shared by all parsers of a server; the bulk limit
 * follows {@code proto-max-bulk-len} while the server runs.
 *
 * <p>Threads: safe, because the one field that changes is volatile.
 */
public final class RequestLimits {

    /**
     * A line (an inline request, a count) may have at most so many bytes before its end is seen.
     */
    public static final int LINE_BYTES = 64 * 1024;

    /** Arguments that a client may send before it has authenticated. */
    public static final int UNAUTHENTICATED_ARGUMENTS = 10;

    /** Bytes of an argument that a client may send before it has authenticated. */
    public static final int UNAUTHENTICATED_BULK_BYTES = 16384;

    /** The default of {@code proto-max-bulk-len}. */
    public static final long DEFAULT_BULK_BYTES = 512L * 1024 * 1024;

    /**
     * Addresses are long, but the length of an argument is an int; this leaves room for its frame.
     */
    private static final long GREATEST_BULK_BYTES = Integer.MAX_VALUE - 64L * 1024;

    private volatile long bulkBytes = DEFAULT_BULK_BYTES;

    /** The longest argument accepted. */
    public long bulkBytes() {
        return bulkBytes;
    }

    /** Sets the longest argument accepted; nothing above 2 GB less 64 KB is possible. */
    public void bulkBytes(long bytes) {
        bulkBytes = Math.min(bytes, GREATEST_BULK_BYTES);
    }
}
