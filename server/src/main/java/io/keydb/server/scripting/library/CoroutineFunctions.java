package io.keydb.server.scripting.library;

import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.scripting.lua.LuaType;

/**
 * {@code coroutine.resume} and {@code coroutine.wrap} that limit how deeply coroutines resume each
 * other. Lua counts nested calls for each coroutine anew, so that a chain of them would use up the
 * thread's stack and end the process.
 *
 * <p>Threads: as the state it is installed in.
 */
final class CoroutineFunctions {
    private static final int DEEPEST = 100;
    private static final String OVERFLOW = "C stack overflow";

    private final LuaState lua;
    private final int nativeResume;
    private final int nativeCreate;
    private final int wrapped;
    private int depth;

    CoroutineFunctions(LuaState lua) {
        this.lua = lua;
        lua.get(LuaState.GLOBALS, "coroutine");
        lua.get(-1, "resume");
        nativeResume = lua.keep();
        lua.get(-1, "create");
        nativeCreate = lua.keep();
        lua.pop(1);
        wrapped = lua.register(this::callWrapped);
    }

    void install() {
        lua.get(LuaState.GLOBALS, "coroutine");
        lua.pushFunction(this::resume);
        lua.set(-2, "resume");
        lua.pushFunction(this::wrap);
        lua.set(-2, "wrap");
        lua.pop(1);
    }

    private int resume(LuaState unused) {
        if (lua.type(1) != LuaType.THREAD) {
            throw lua.argument(1, "coroutine expected");
        }
        if (depth == DEEPEST) {
            lua.pushBoolean(false);
            lua.pushString(OVERFLOW);
            return 2;
        }
        enter();
        return lua.top();
    }

    private int wrap(LuaState unused) {
        if (!lua.isFunction(1) || lua.isNative(1)) {
            throw lua.argument(1, "Lua function expected");
        }
        lua.top(1);
        lua.pushKept(nativeCreate);
        lua.insert(1);
        if (lua.call(1, 1, 0) != LuaState.OK) {
            throw LuaError.ON_TOP;
        }
        lua.pushFunction(wrapped, 1);
        return 1;
    }

    private int callWrapped(LuaState unused) {
        if (depth == DEEPEST) {
            throw new LuaError(OVERFLOW);
        }
        lua.pushValue(LuaState.upvalue(1));
        lua.insert(1);
        enter();
        if (lua.toBoolean(1)) {
            return lua.top() - 1;
        }
        if (lua.isString(-1)) {
            throw new LuaError(lua.text(-1));
        }
        throw LuaError.ON_TOP;
    }

    /** Resumes the coroutine at the bottom of the stack with all that is above it. */
    private void enter() {
        lua.pushKept(nativeResume);
        lua.insert(1);
        depth++;
        try {
            if (lua.resume(lua.top() - 1) != LuaState.OK) {
                throw LuaError.ON_TOP;
            }
        } finally {
            depth--;
        }
    }
}
