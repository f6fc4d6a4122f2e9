package io.keydb.server.memory;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.LongAdder;

/**
 * The C library's heap: buffers of connections and other memory that belongs to no partition.
 * Growing a big block does not copy it, the C library moves its pages instead.
 *
 * <p>All that is taken is counted, so that tests can tell a leak and {@code INFO memory} can tell
 * what connections cost.
 *
 * <p>Threads: safe, because the C library's heap is.
 */
public final class NativeHeap {

    private static final MethodHandle MALLOC = NativeFunctions.link("malloc");
    private static final MethodHandle REALLOC = NativeFunctions.link("realloc");
    private static final MethodHandle FREE = NativeFunctions.link("free");

    private static final LongAdder ALLOCATED = new LongAdder();

    private NativeHeap() {}

    /** Takes uninitialised memory; {@code bytes} is positive. */
    public static long allocate(long bytes) {
        return counted(NativeFunctions.call(MALLOC, bytes, 0), bytes, bytes);
    }

    /** Makes a block larger or smaller; it may move. The old block is intact when this fails. */
    public static long reallocate(long address, long oldBytes, long bytes) {
        long moved = NativeFunctions.call(REALLOC, address, bytes);
        return counted(moved, bytes, bytes - oldBytes);
    }

    private static long counted(long address, long bytes, long difference) {
        if (address == 0) {
            throw new OutOfMemoryError("the system refuses " + bytes + " bytes");
        }
        ALLOCATED.add(difference);
        return address;
    }

    /** Gives a block back; {@code bytes} is the size it was taken with. */
    public static void free(long address, long bytes) {
        NativeFunctions.call(FREE, address, 0);
        ALLOCATED.add(-bytes);
    }

    /** Bytes taken and not yet given back. */
    public static long allocatedBytes() {
        return ALLOCATED.sum();
    }
}
