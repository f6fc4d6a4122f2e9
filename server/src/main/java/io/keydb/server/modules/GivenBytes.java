package io.keydb.server.modules;

import java.util.Objects;

/**
 * A value that comes from outside, while its type looks at it.
 *
 * <p>Threads: confined to the thread that made it; checked.
 */
final class GivenBytes extends BoundedBytes implements AutoCloseable {
    private final Thread owner = Thread.currentThread();
    private final long address;
    private final int length;
    private boolean over;

    GivenBytes(long address, int length) {
        this.address = address;
        this.length = length;
    }

    @Override
    long at(long offset, int count) {
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
    public void close() {
        over = true;
    }
}
