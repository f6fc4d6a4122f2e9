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
 * <p>With big blocks a single instruction may take long: it joins or compares long strings, or
 * moves the elements of a long list. So it is counted how much of the memory is in such blocks, and
 * somebody is told when much of it was asked for.
 *
 * <p>Threads: as the state it belongs to.
 */
final class LuaMemory {
    /** Blocks from this size on are big. */
    private static final long BIG = 64 << 10;

    /** Having copied so much takes a few milliseconds. */
    private static final long MUCH = 32L << 20;

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
    private final Runnable whenMuchWasAskedFor;
    private final long function;
    private long used;
    private long big;
    private long askedFor;
    private boolean isScriptRunning;

    /**
     * @param whenMuchWasAskedFor called within an instruction of a script; throws nothing
     */
    LuaMemory(Arena arena, long limit, Runnable whenMuchWasAskedFor) {
        this.limit = limit;
        this.whenMuchWasAskedFor = whenMuchWasAskedFor;
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

    /** Bytes of it in big blocks. */
    long big() {
        return big;
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
            big -= bigPart(oldSize);
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
            if (Math.max(oldSize, newSize) >= BIG) {
                big += bigPart(newSize) - bigPart(oldSize);
                asked(newSize);
            }
        }
        return result;
    }

    private static long bigPart(long size) {
        return size >= BIG ? size : 0;
    }

    private void asked(long size) {
        askedFor += size;
        if (askedFor >= MUCH && isScriptRunning) {
            askedFor = 0;
            whenMuchWasAskedFor.run();
        }
    }
}
