package io.keydb.module;

/**
 * The bytes of a value that a command changes in place; see {@link Bytes}.
 *
 * <p>Threads: confined to the call of the handler that got it.
 */
public interface MutableBytes extends Bytes {
    void put(long offset, byte value);

    void putInt(long offset, int value);

    void putLong(long offset, long value);

    /** Copies bytes of an array into the value. */
    void copyFrom(long offset, byte[] from, int at, int count);

    /** Copies bytes of an array into the value. */
    default void copyFrom(long offset, byte[] from) {
        copyFrom(offset, from, 0, from.length);
    }
}
