package io.keydb.server.scripting.library;

import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.scripting.lua.LuaType;

/**
 * What can be a key of a table.
 *
 * <p>Threads: immutable.
 */
final class Keys {
    private Keys() {}

    /**
     * Checks that the value at a place can be a key; storing at any other ends the process.
     *
     * @throws LuaError when it is nil or not-a-number
     */
    static void need(LuaState lua, int index) {
        int type = lua.type(index);
        if (type == LuaType.NIL) {
            refuse(lua, "table index is nil");
        }
        if (type == LuaType.NUMBER && Double.isNaN(lua.toNumber(index))) {
            refuse(lua, "table index is NaN");
        }
    }

    private static void refuse(LuaState lua, String reason) {
        lua.pushString(reason);
        throw LuaError.ON_TOP;
    }
}
