package io.keydb.server.modules;

import java.util.Objects;

/**
 * An argument of a running call.
 *
 * <p>Threads: confined to the call; checked.
 */
final class ArgumentBytes extends BoundedBytes {
    private final RunningCall running;
    private final long turn;
    private final long address;
    private final int length;

    ArgumentBytes(RunningCall running, long address, int length) {
        this.running = running;
        this.turn = running.turn();
        this.address = address;
        this.length = length;
    }

    @Override
    long at(long offset, int count) {
        running.require(turn);
        Objects.checkFromIndexSize(offset, count, (long) length);
        return address + offset;
    }

    @Override
    public long length() {
        running.require(turn);
        return length;
    }
}
