package io.keydb.server.net;

import io.keydb.server.memory.NativeHeap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.lang.foreign.MemorySegment;

/**
 * A piece of the native heap that Netty takes for a buffer. Its address is known on every JDK, with
 * or without Unsafe, and the JVM's limit for direct buffers does not count it.
 *
 * <p>Threads: confined to its owner; giving it back is safe from every thread.
 */
final class Block extends UnpooledDirectByteBuf {

    private final long address;
    private final int capacity;
    private boolean isMoved;
    private boolean isPinned;

    private Block(long address, int capacity) {
        super(
                UnpooledByteBufAllocator.DEFAULT,
                MemorySegment.ofAddress(address).reinterpret(capacity).asByteBuffer(),
                capacity);
        this.address = address;
        this.capacity = capacity;
        clear();
    }

    Block(int capacity) {
        this(NativeHeap.allocate(capacity), capacity);
    }

    /** A larger block with the same bytes; this one is of no more use. */
    Block enlarged(int larger) {
        assert refCnt() == 1 : "a block that somebody else uses cannot move";
        long moved = NativeHeap.reallocate(address, capacity, larger);
        isMoved = true;
        Block block = new Block(moved, larger);
        block.isPinned = isPinned;
        return block;
    }

    /**
     * A pinned block ignores {@link #release()}: its owner lends it for one read after another
     * without counting.
     */
    void pinned(boolean value) {
        isPinned = value;
    }

    @Override
    public boolean release() {
        return !isPinned && super.release();
    }

    long address() {
        return address;
    }

    /** The address after its last byte. */
    long limit() {
        return address + capacity;
    }

    int size() {
        return capacity;
    }

    @Override
    public boolean hasMemoryAddress() {
        return true;
    }

    @Override
    public long memoryAddress() {
        return address;
    }

    @Override
    protected void deallocate() {
        super.deallocate();
        if (!isMoved) {
            isMoved = true;
            NativeHeap.free(address, capacity);
        }
    }
}
