package io.keydb.server.scripting.library;

import io.keydb.server.scripting.lua.LuaFunction;
import io.keydb.server.scripting.lua.LuaState;

/**
 * The table of a library while it is filled.
 *
 * <p>Threads: confined to whoever installs the library.
 */
final class Functions {
    private final LuaState lua;

    /** Pushes an empty table, which is filled by the other methods. */
    Functions(LuaState lua) {
        this(lua, true);
    }

    private Functions(LuaState lua, boolean isNew) {
        this.lua = lua;
        if (isNew) {
            lua.newTable(0, 16);
        }
    }

    /** The table on top of the stack, some of whose functions are replaced. */
    static Functions replaced(LuaState lua) {
        return new Functions(lua, false);
    }

    Functions add(String name, LuaFunction function) {
        lua.pushFunction(function);
        lua.set(-2, name);
        return this;
    }

    Functions add(String name, String value) {
        lua.pushString(value);
        lua.set(-2, name);
        return this;
    }

    /** Pops the table and makes it a global. */
    void install(String name) {
        lua.set(LuaState.GLOBALS, name);
    }
}
