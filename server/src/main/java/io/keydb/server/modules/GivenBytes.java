package io.keydb.server.modules;

import io.keydb.module.Bytes;
import io.keydb.server.memory.Memory;
import java.util.Objects;

/**
 * A value that comes from outside, while its type looks at it.
 *
 * <p>Threads: confined to the thread that made it; checked.
 */
final class GivenBytes implements Bytes, AutoCloseable {
    private final Thread owner = Thread.currentThread();
    private final long address;
    private final int length;
    private boolean over;

    GivenBytes(long address, int length) {
        this.address = address;
        this.length = length;
    }

    private long at(long offset, int count) {
        if (Thread.currentThread() != owner || over) {
            throw new IllegalStateException("the call that this belongs to is over");
        }
        Objects.checkFromIndexSize(offset, count, (long) length);
        return address + offset;
    }

    @Override
    public long length() {
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

    @Override
    public void close() {
        over = true;
    }
}
