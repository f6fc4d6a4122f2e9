package io.keydb.server.scripting;

import io.keydb.server.scripting.lua.LuaState;
import java.util.List;

/**
 * A Lua state with all that scripts find in it, locked.
 *
 * <p>Threads: needs the locks of all partitions.
 */
final class ScriptState implements AutoCloseable {
    /** A running script looks up after so many instructions, which is well below a millisecond. */
    private static final int WATCH_PERIOD = 100_000;

    private final ScriptCalls calls;
    private final LuaState lua;
    private int handler;

    ScriptState(ScriptCalls calls, RedisLibrary redis) {
        this.calls = calls;
        this.lua =
                LuaState.open(
                        ScriptState::openBase, new ProtectedCalls(), redis, this::keepHandler);
        watch();
    }

    private static void openBase(LuaState state) {
        for (String library : List.of("base", "table", "string", "math")) {
            state.openNative(library);
        }
        for (String name : List.of("dofile", "loadfile", "print", "newproxy", "load")) {
            state.pushNil();
            state.set(LuaState.GLOBALS, name);
        }
    }

    private void keepHandler(LuaState state) {
        state.get(LuaState.GLOBALS, ProtectedCalls.HANDLER);
        handler = state.keep();
    }

    LuaState lua() {
        return lua;
    }

    /** Pushes the function that notes where an error ends a script. */
    void pushHandler() {
        lua.pushKept(handler);
    }

    /** Pops a value and makes it a global, which scripts themselves cannot do. */
    void setGlobal(String name) {
        lua.set(LuaState.GLOBALS, name);
    }

    /** Has running scripts look up from time to time; to be said again when one was killed. */
    void watch() {
        lua.watch(WATCH_PERIOD, calls::watch);
    }

    @Override
    public void close() {
        lua.close();
    }
}
