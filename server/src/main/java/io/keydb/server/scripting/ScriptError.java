package io.keydb.server.scripting;

import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.scripting.lua.LuaType;
import java.nio.charset.StandardCharsets;

/**
 * What a table that stands for an error says: {@code {err=, source=, line=,
 * ignore_error_stats_update=}}.
 *
 * <p>Threads: immutable.
 */
record ScriptError(String message, String source, String line, boolean isCounted) {

    /** Reads the value on top of the stack and leaves it there. */
    static ScriptError of(LuaState lua) {
        if (lua.isString(-1)) {
            return new ScriptError("ERR " + lua.text(-1), "", "", false);
        }
        return new ScriptError(
                text(lua, "err"), text(lua, "source"), text(lua, "line"), counted(lua));
    }

    private static String text(LuaState lua, String field) {
        lua.get(-1, field);
        String text = lua.isString(-1) ? lua.text(-1) : "";
        lua.pop(1);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private static boolean counted(LuaState lua) {
        lua.get(-1, "ignore_error_stats_update");
        boolean counted = lua.type(-1) == LuaType.BOOLEAN && lua.toBoolean(-1);
        lua.pop(1);
        return counted;
    }

    /** The error on the wire. */
    byte[] text() {
        return message.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The error that ended a script, with the place. */
    byte[] textWithPlace(String script) {
        String place =
                source.isEmpty() || line.isEmpty()
                        ? ""
                        : " script: " + script + ", on " + source + ":" + line + ".";
        return (message + place).getBytes(StandardCharsets.ISO_8859_1);
    }
}
