package io.keydb.server.modules;

import io.keydb.module.Bytes;
import io.keydb.server.memory.Memory;
import java.util.Objects;

/**
 * Bytes off-heap that a module reads: {@link #at} says where they are now, and refuses what lies
 * outside or is over.
 *
 * <p>Threads: as each of them says.
 */
abstract class BoundedBytes implements Bytes {
    /**
     * The address of {@code count} bytes from {@code offset} on.
     *
     * @throws IndexOutOfBoundsException when not all of them belong to this
     * @throws IllegalStateException when the call that this belongs to is over
     */
    abstract long at(long offset, int count);

    @Override
    public final byte get(long offset) {
        return Memory.getByte(at(offset, 1));
    }

    @Override
    public final int getInt(long offset) {
        return Memory.getInt(at(offset, Integer.BYTES));
    }

    @Override
    public final long getLong(long offset) {
        return Memory.getLong(at(offset, Long.BYTES));
    }

    @Override
    public final void copyTo(long offset, byte[] to, int start, int count) {
        Objects.checkFromIndexSize(start, count, to.length);
        Memory.copyOut(at(offset, count), to, start, count);
    }
}
