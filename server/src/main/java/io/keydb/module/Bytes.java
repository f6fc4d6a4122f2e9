package io.keydb.module;

/**
 * Bytes outside the Java heap: an argument, or a value. Read in place, without a copy; every access
 * is checked against the bounds. Numbers are little-endian and need no alignment.
 *
 * <p>Threads: confined to the call of the handler that got it. Afterwards every method throws
 * {@link IllegalStateException}.
 */
public interface Bytes {
    /** How many bytes there are. */
    long length();

    byte get(long offset);

    int getInt(long offset);

    long getLong(long offset);

    /** Copies some of the bytes into an array. */
    void copyTo(long offset, byte[] to, int at, int count);

    /** A copy of all bytes; they must fit into an array. */
    default byte[] toArray() {
        byte[] copy = new byte[Math.toIntExact(length())];
        copyTo(0, copy, 0, copy.length);
        return copy;
    }
}
