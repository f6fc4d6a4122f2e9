package io.keydb.server.scripting.lua;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;

/**
 * The memory of a Lua state, up to a limit. Beyond it a script gets Lua's error "not enough
 * memory"; Java functions are told by {@link #isExceeded}, because that error is a long jump, which
 * must not cross their frames.
 *
 * <p>Lua 5.1 reserves too little of its stack for functions that take many parameters and any
 * number of arguments besides (CVE-2014-5461). So blocks that may be stacks get as much more as
 * that can be.
 *
 * <p>Threads: as the state it belongs to.
 */
final class LuaMemory {
    /** Parameters a function has at most, at 16 bytes each, and some more. */
    private static final long SLACK = 4096;

    /** The first stack of a thread; stacks are made of units of 16 bytes and only grow. */
    private static final long SMALLEST_STACK = 46 * 16;

    private static final FunctionDescriptor TYPE =
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG);

    private final long limit;
    private final long function;
    private long used;
    private boolean isScriptRunning;

    LuaMemory(Arena arena, long limit) {
        this.limit = limit;
        try {
            function =
                    Linker.nativeLinker()
                            .upcallStub(
                                    MethodHandles.lookup()
                                            .findVirtual(
                                                    LuaMemory.class,
                                                    "allocate",
                                                    TYPE.toMethodType())
                                            .bindTo(this),
                                    TYPE,
                                    arena)
                            .address();
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The C function that Lua calls for memory. */
    long function() {
        return function;
    }

    /** Bytes Lua has now. */
    long used() {
        return used;
    }

    /** Whether the state has more than it should. */
    boolean isExceeded() {
        return used > limit;
    }

    /** Whether garbage should go before the next script, which may else find no memory. */
    boolean isHigh() {
        return used > limit / 4;
    }

    /**
     * Tells whether Lua code runs from now on, so that memory may be refused; gives what was said
     * before.
     */
    boolean scriptRuns(boolean isRunning) {
        boolean before = isScriptRunning;
        isScriptRunning = isRunning;
        return before;
    }

    /** Called by Lua: all of allocating, resizing and freeing. Nothing may be thrown from here. */
    private long allocate(long unused, long block, long oldSize, long newSize) {
        if (newSize == 0) {
            used -= oldSize;
            LuaNatives.call(LuaNatives.FREE, block, 0, 0, 0);
            return 0;
        }
        long more = newSize - oldSize;
        if (more > 0 && isScriptRunning && used + more > limit) {
            return 0;
        }
        boolean mayBeStack = newSize >= SMALLEST_STACK && newSize % 16 == 0;
        long result =
                LuaNatives.call(
                        LuaNatives.REALLOCATE, block, mayBeStack ? newSize + SLACK : newSize, 0, 0);
        if (result != 0) {
            used += more;
        }
        return result;
    }
}
