package io.keydb.server.log;

import io.keydb.server.memory.Memory;

/**
 * Bytes of a primary's stream, passed on as they are: offsets of this node and of its primary stay
 * equal.
 *
 * <p>Threads: immutable; the bytes belong to the caller.
 *
 * @param begin the database the stream has selected before them
 * @param end the one it has selected behind them
 */
public record VerbatimBytes(long address, int length, int begin, int end) implements PlainUnit {
    @Override
    public int length(int database) {
        return length;
    }

    @Override
    public int begin(int database) {
        return begin;
    }

    @Override
    public int write(long to, int database) {
        Memory.copy(address, to, length);
        return end;
    }
}
