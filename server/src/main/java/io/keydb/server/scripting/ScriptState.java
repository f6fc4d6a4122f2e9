package io.keydb.server.scripting;

import io.keydb.server.scripting.library.BaseLibraries;
import io.keydb.server.scripting.library.BitLibrary;
import io.keydb.server.scripting.library.JsonLibrary;
import io.keydb.server.scripting.library.MessagePackLibrary;
import io.keydb.server.scripting.library.Sandbox;
import io.keydb.server.scripting.library.StructLibrary;
import io.keydb.server.scripting.lua.LuaState;

/**
 * A Lua state with all that scripts find in it, locked.
 *
 * <p>Threads: needs the locks of all partitions.
 */
final class ScriptState implements AutoCloseable {
    /** A running script looks up after so many instructions, which is well below a millisecond. */
    private static final int WATCH_PERIOD = 100_000;

    private final ScriptCalls calls;
    private final Sandbox sandbox = new Sandbox();
    private final LuaState lua;
    private int handler;

    /**
     * @param forScripts whether EVAL runs here; else functions do
     */
    ScriptState(ScriptCalls calls, boolean forScripts) {
        RedisLibrary redis = new RedisLibrary(calls, forScripts);
        this.calls = calls;
        this.lua =
                LuaState.open(
                        new BaseLibraries(),
                        new ProtectedCalls(),
                        new JsonLibrary(),
                        new MessagePackLibrary(),
                        new BitLibrary(),
                        new StructLibrary(),
                        redis,
                        state -> keepHandler(state, forScripts),
                        sandbox);
        watch();
    }

    private void keepHandler(LuaState state, boolean forScripts) {
        state.get(LuaState.GLOBALS, ProtectedCalls.HANDLER);
        handler = state.keep();
        if (!forScripts) {
            state.pushNil();
            state.set(LuaState.GLOBALS, ProtectedCalls.HANDLER);
        }
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
        sandbox.setGlobal(lua, name);
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
