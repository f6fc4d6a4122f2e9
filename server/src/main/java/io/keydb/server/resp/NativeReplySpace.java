package io.keydb.server.resp;

import io.keydb.server.memory.NativeHeap;

/**
 * A block for replies that go to no socket: commands run in process, tests, streams that are
 * assembled.
 *
 * <p>Threads: confined to whoever uses the writer.
 */
public final class NativeReplySpace implements ReplySpace, AutoCloseable {

    private static final long LEAST_CAPACITY = 1024;

    private long address;
    private long capacity;

    @Override
    public long grow(long used, long wanted) {
        long larger = Math.max(Math.max(wanted, LEAST_CAPACITY), capacity * 2);
        address =
                capacity == 0
                        ? NativeHeap.allocate(larger)
                        : NativeHeap.reallocate(address, capacity, larger);
        capacity = larger;
        return address;
    }

    @Override
    public long capacity() {
        return capacity;
    }

    /** Gives the block back. The writer must be cleared, too. */
    @Override
    public void close() {
        if (capacity > 0) {
            NativeHeap.free(address, capacity);
            address = 0;
            capacity = 0;
        }
    }
}
