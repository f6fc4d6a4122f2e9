package io.keydb.server.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Calls to the C library. All functions are linked with one type, that of mmap: linking a type
 * costs tens of milliseconds at start, and a C function does not see what lies in the argument
 * registers behind its own (nor does anybody look at the result of one that has none).
 *
 * <p>Threads: immutable.
 */
final class NativeFunctions {

    private static final FunctionDescriptor TYPE =
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG);

    private NativeFunctions() {}

    /** A function whose arguments are a prefix of (long, long, int, int, int, long). */
    static MethodHandle link(String name) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup()
                        .find(name)
                        .orElseThrow(
                                () ->
                                        new UnsupportedOperationException(
                                                "this system has no " + name + "()")),
                TYPE);
    }

    static long call(MethodHandle function, long first, long second) {
        return call(function, first, second, 0, 0, 0);
    }

    static long call(
            MethodHandle function, long first, long second, int third, int fourth, int fifth) {
        try {
            return (long) function.invokeExact(first, second, third, fourth, fifth, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
