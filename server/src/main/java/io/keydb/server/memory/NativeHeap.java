package io.keydb.server.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
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

    private static final MethodHandle MALLOC =
            function("malloc", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle REALLOC =
            function(
                    "realloc",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE =
            function("free", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

    private static final LongAdder ALLOCATED = new LongAdder();

    private NativeHeap() {}

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup()
                        .find(name)
                        .orElseThrow(
                                () ->
                                        new UnsupportedOperationException(
                                                "this system has no " + name + "()")),
                descriptor);
    }

    /** Takes uninitialised memory; {@code bytes} is positive. */
    public static long allocate(long bytes) {
        long address;
        try {
            address = (long) MALLOC.invokeExact(bytes);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        return counted(address, bytes, bytes);
    }

    /** Makes a block larger or smaller; it may move. The old block is intact when this fails. */
    public static long reallocate(long address, long oldBytes, long bytes) {
        long moved;
        try {
            moved = (long) REALLOC.invokeExact(address, bytes);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
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
        try {
            FREE.invokeExact(address);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        ALLOCATED.add(-bytes);
    }

    /** Bytes taken and not yet given back. */
    public static long allocatedBytes() {
        return ALLOCATED.sum();
    }
}
