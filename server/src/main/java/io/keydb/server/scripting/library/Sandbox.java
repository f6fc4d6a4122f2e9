package io.keydb.server.scripting.library;

import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaLibrary;
import io.keydb.server.scripting.lua.LuaState;

/**
 * Locks a state: what scripts share, they cannot change. Installed last, when all that scripts may
 * find is there; from then on the globals, every table reachable from them and the metatables of
 * these are read-only.
 *
 * <p>The server itself goes on setting globals, as {@code KEYS}, by {@link #setGlobal}.
 *
 * <p>Threads: as the state it is installed in.
 */
public final class Sandbox implements LuaLibrary {
    private int globals;

    @Override
    public void install(LuaState lua) {
        ProtectedTables tables = new ProtectedTables(lua);
        new TableFunctions(lua, tables).install();
        new LoadFunctions(lua).install();
        new CoroutineFunctions(lua).install();
        refuseUnknown(lua, LuaState.GLOBALS);
        lua.pushString("");
        lua.metatable(-1);
        tables.hide();
        lua.pop(1);
        lua.pushValue(LuaState.GLOBALS);
        globals = lua.keep();
        lua.pushValue(LuaState.GLOBALS);
        tables.protect();
        lua.replace(LuaState.GLOBALS);
    }

    /** Pops a value and makes it a global, over the head of scripts. */
    public void setGlobal(LuaState lua, String name) {
        lua.pushKept(globals);
        lua.insert(-2);
        lua.set(-2, name);
        lua.pop(1);
    }

    /** Lets reads of names that a table does not have fail. */
    public static void refuseUnknown(LuaState lua, int table) {
        lua.pushValue(table);
        lua.newTable(0, 1);
        lua.pushFunction(Sandbox::unknown);
        lua.set(-2, "__index");
        lua.setMetatable(-2);
        lua.pop(1);
    }

    private static int unknown(LuaState lua) {
        if (lua.top() != 2) {
            throw new LuaError("Wrong number of arguments to luaProtectedTableError");
        }
        if (!lua.isString(2)) {
            throw new LuaError(
                    "Second argument to luaProtectedTableError must be a string or number");
        }
        throw new LuaError(
                "Script attempted to access nonexistent global variable '" + lua.text(2) + "'");
    }
}
