package io.keydb.server.scripting.lua;

import io.keydb.server.memory.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from Lua into Java, and how errors travel back.
 *
 * <p>One C function stands for all Java functions; its upvalue is the number of the function. Lua
 * raises an error by a long jump, which must not cross Java frames. So a function that fails leaves
 * its error aside, hooks the return of the C function and returns; the hook is Lua code, and that
 * raises the error, as if the C function had done so: positions and protected calls see no
 * difference.
 *
 * <pre>
 *   script ─► C function ─► {@link #dispatch} ─► LuaFunction throws
 *                        ◄─ 0 results, hook set
 *          hook ─► raise() ─► error(take(), 0)      take() puts the old hook back
 * </pre>
 *
 * The hook that counts instructions works alike: it asks its watcher, and when that throws, the
 * next instruction raises the error.
 *
 * <p>Threads: as the state it belongs to.
 */
final class Upcalls {
    private static final Logger LOG = LoggerFactory.getLogger(Upcalls.class);

    /** Place of a C function's first upvalue. */
    private static final int UPVALUE = -10003;

    /** The record of a call, rounded up. */
    private static final int FACTS_BYTES = 128;

    private static final int RETURNS = 1 << 1;
    private static final int COUNTS = 1 << 3;

    /**
     * Instructions of which each goes through all that is big go through so many bytes before the
     * watcher is asked: in less than a second.
     */
    private static final long BYTES_UNWATCHED = 2L << 30;

    private static final long LEAST_INSTRUCTIONS = 4;

    /** What the code behind {@link #raise} is called; error handlers skip it. */
    static final String RAISE = "=(raise)";

    private final LuaState lua;
    private final long dispatch;
    private final long count;
    private final List<LuaFunction> functions = new ArrayList<>();

    /** The C function that runs hooks written in Lua, and where it looks for them. */
    private long luaHook;

    private int hooks;
    private int raise;
    private int error;

    private int watchedInstructions;
    private LuaFunction watcher = lua -> 0;
    private boolean isStopped;

    /** An error is on its way: the hook is taken. */
    private boolean isRaising;

    /** How many functions of ours are running, one called by the other. */
    private int depth;

    Upcalls(LuaState lua, Arena arena) {
        this.lua = lua;
        dispatch =
                stub(
                        arena,
                        "dispatch",
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
        count =
                stub(
                        arena,
                        "count",
                        FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    }

    private long stub(Arena arena, String method, FunctionDescriptor type) {
        MethodType signature = type.toMethodType();
        try {
            MethodHandle target =
                    MethodHandles.lookup()
                            .findVirtual(Upcalls.class, method, signature)
                            .bindTo(this);
            return Linker.nativeLinker().upcallStub(target, type, arena).address();
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Finds out how hooks in Lua are run; the globals are empty before and afterwards. */
    void prepare() {
        int top = lua.top();
        lua.openNative("base");
        lua.openNative("debug");
        lua.pushFunction(unused -> take());
        lua.set(LuaState.GLOBALS, "take");
        lua.run(
                "local take, error = take, error\n"
                        + "debug.sethook(function() end, 'r')\n"
                        + "return function() error(take(), 0) end",
                RAISE,
                1);
        raise = lua.keep();
        luaHook = LuaNatives.call(LuaNatives.GET_HOOK, lua.current(), 0, 0, 0);
        findHooks();
        lua.pushBoolean(false);
        error = lua.keep();
        unhook();
        clearGlobals();
        lua.top(top);
    }

    /** The table of hooks is the registry's only table by a pointer that knows this thread. */
    private void findHooks() {
        lua.pushNil();
        while (lua.next(LuaState.REGISTRY)) {
            if (lua.type(-2) == LuaType.POINTER && lua.isTable(-1)) {
                lua.pushPointer(lua.current());
                lua.get(-2);
                boolean isIt = lua.isFunction(-1);
                lua.pop(1);
                if (isIt) {
                    hooks = lua.keep();
                    lua.pop(1);
                    return;
                }
            }
            lua.pop(1);
        }
        throw new IllegalStateException("this Lua has no hooks");
    }

    private void clearGlobals() {
        lua.pushNil();
        lua.set(LuaState.REGISTRY, "_LOADED"); // else they would not be made anew
        lua.pushNil();
        while (lua.next(LuaState.GLOBALS)) {
            lua.pop(1);
            lua.pushValue(-1); // its value may be cleared while walking
            lua.pushNil();
            lua.set(LuaState.GLOBALS);
        }
    }

    int register(LuaFunction function) {
        functions.add(function);
        return functions.size() - 1;
    }

    /** The C function that stands for all, with the number of one as its first upvalue. */
    long dispatch() {
        return dispatch;
    }

    /** Called by Lua. Nothing may be thrown from here: it would end the process. */
    private int dispatch(long thread) {
        long caller = lua.current();
        lua.current(thread);
        boolean wasRunning = lua.scriptRuns(false);
        int outer = depth;
        depth++;
        try {
            return functions.get((int) lua.toNumber(UPVALUE)).call(lua);
        } catch (Throwable thrown) {
            depth = 0; // what is pushed for the error needs memory
            clearStack(thrown);
            fail(lookedUp(thrown), 1);
            if (isStopped) {
                hook(luaHook, RETURNS | COUNTS, 1);
            } else {
                hook(luaHook, RETURNS, 0);
            }
            return 0;
        } finally {
            depth = outer;
            lua.scriptRuns(wasRunning);
            lua.current(caller);
        }
    }

    /**
     * Asks the watcher, too: each error has the instructions counted from the beginning, so a loop
     * of errors would never be asked for.
     */
    private Throwable lookedUp(Throwable thrown) {
        if (watchedInstructions > 0 && !isStopped) {
            try {
                watcher.call(lua);
            } catch (LuaError stop) {
                isStopped = true;
                return stop;
            }
        }
        return thrown;
    }

    /** A function that failed may have filled its stack to the brim. */
    private void clearStack(Throwable thrown) {
        if (thrown == LuaError.ON_TOP) {
            lua.insert(1);
            lua.top(1);
        } else {
            lua.top(0);
        }
    }

    /** Called by Lua after so many instructions. */
    private void count(long thread, long unused) {
        long caller = lua.current();
        lua.current(thread);
        boolean wasRunning = lua.scriptRuns(false);
        try {
            watcher.call(lua);
            restoreHook();
        } catch (Throwable thrown) {
            isStopped = true;
            fail(thrown, 0);
            hook(luaHook, COUNTS, 1);
        } finally {
            lua.scriptRuns(wasRunning);
            lua.current(caller);
        }
    }

    /**
     * Keeps the error for {@link #take} and makes the thread's hook raise it; a text is preceded by
     * the place where the function of that level is.
     */
    private void fail(Throwable thrown, int level) {
        if (thrown instanceof LuaError known && known.isOnTop()) {
            lua.pushValue(-1);
        } else if (thrown instanceof LuaError known) {
            int top = lua.top();
            pushPlace(level);
            lua.pushString(known.text());
            LuaNatives.call(LuaNatives.CONCAT, lua.current(), lua.top() - top, 0, 0);
        } else {
            LOG.error("A function called by a script failed; please report this", thrown);
            lua.pushString("internal error, see the server's log");
        }
        lua.set(LuaState.REGISTRY, error);
        isRaising = true;
        lua.pushKept(hooks);
        lua.pushPointer(lua.current());
        lua.pushKept(raise);
        lua.set(-3);
        lua.pop(1);
    }

    /** Pushes where the function of a level is; an empty string when it is not written in Lua. */
    void pushPlace(int level) {
        LuaNatives.call(LuaNatives.WHERE, lua.current(), level, 0, 0);
    }

    /** Called by the hook: pushes the error, and the hook is what it was before. */
    private int take() {
        isRaising = false;
        if (!isStopped) {
            lua.pushKept(hooks);
            lua.pushPointer(lua.current());
            lua.pushNil();
            lua.set(-3);
            lua.pop(1);
            restoreHook();
        }
        lua.pushKept(error);
        return 1;
    }

    void watch(int instructions, LuaFunction newWatcher) {
        if (isStopped) {
            forgetHooks();
        }
        watchedInstructions = instructions;
        watcher = newWatcher;
        isStopped = false;
        isRaising = false;
        restoreHook();
    }

    /**
     * Has the watcher asked after the next instruction of a thread. Called within an instruction.
     */
    void hurry(long thread) {
        if (watchedInstructions > 0 && !isStopped && !isRaising) {
            LuaNatives.call(LuaNatives.SET_HOOK, thread, count, COUNTS, 1);
        }
    }

    /** Asks the watcher from within a function. */
    void check() {
        try {
            watcher.call(lua);
        } catch (LuaError stop) {
            isStopped = true;
            throw stop;
        }
    }

    boolean isInFunction() {
        return depth > 0;
    }

    private void forgetHooks() {
        lua.pushKept(hooks);
        lua.pushNil();
        while (lua.next(-2)) {
            lua.pop(1);
            lua.pushValue(-1);
            lua.pushNil();
            lua.set(-4);
        }
        lua.pop(1);
    }

    private void restoreHook() {
        if (watchedInstructions > 0) {
            long few = BYTES_UNWATCHED / Math.max(1, lua.bigBytes());
            hook(
                    count,
                    COUNTS,
                    (int) Math.min(watchedInstructions, Math.max(LEAST_INSTRUCTIONS, few)));
        } else {
            unhook();
        }
    }

    private void unhook() {
        hook(0, 0, 0);
    }

    private void hook(long function, int mask, int instructions) {
        LuaNatives.call(LuaNatives.SET_HOOK, lua.current(), function, mask, instructions);
    }

    String callFact(int level, CallFact what) {
        long facts = lua.scratch();
        if ((int) LuaNatives.call(LuaNatives.GET_STACK, lua.current(), level, facts, 0) == 0) {
            return "";
        }
        long options = facts + FACTS_BYTES;
        Memory.putShort(options, (short) what.option());
        LuaNatives.call(LuaNatives.GET_INFO, lua.current(), options, facts, 0);
        if (what == CallFact.LINE) {
            return Integer.toString(Memory.getInt(facts + what.offset()));
        }
        return text(Memory.getLong(facts + what.offset()));
    }

    private static String text(long address) {
        if (address == 0) {
            return "";
        }
        long end = address;
        while (Memory.getByte(end) != 0) {
            end++;
        }
        return new String(
                Memory.bytes(address, (int) (end - address)), StandardCharsets.ISO_8859_1);
    }
}
