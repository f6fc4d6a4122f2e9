package io.keydb.server.modules;

import io.keydb.module.Bytes;
import io.keydb.server.memory.Memory;
import java.util.Objects;

/**
 * An argument of a running call.
 *
 * <p>Threads: confined to the call; checked.
 */
final class ArgumentBytes implements Bytes {
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

    private long at(long offset, int count) {
        running.require(turn);
        Objects.checkFromIndexSize(offset, count, (long) length);
        return address + offset;
    }

    @Override
    public long length() {
        running.require(turn);
        return length;
    }

    @Override
    public byte get(long offset) {
        return Memory.getByte(at(offset, 1));
    }

    @Override
    public int getInt(long offset) {
        return Memory.getInt(at(offset, Integer.BYTES));
    }

    @Override
    public long getLong(long offset) {
        return Memory.getLong(at(offset, Long.BYTES));
    }

    @Override
    public void copyTo(long offset, byte[] to, int start, int count) {
        Objects.checkFromIndexSize(start, count, to.length);
        Memory.copyOut(at(offset, count), to, start, count);
    }
}
