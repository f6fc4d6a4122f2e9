package io.keydb.server.scripting.library;

import io.keydb.server.scripting.library.JsonSettings.Setting;
import io.keydb.server.scripting.lua.LuaFunction;
import io.keydb.server.scripting.lua.LuaLibrary;
import io.keydb.server.scripting.lua.LuaState;

/**
 * The library {@code cjson}: values as JSON. What it takes for JSON and how it writes it can be
 * set; {@code cjson.new} gives a table of the same functions with settings of their own.
 *
 * <p>Threads: as the state it is installed in.
 */
public final class JsonLibrary implements LuaLibrary {
    /** The functions find their settings here. */
    private static final int SETTINGS = LuaState.upvalue(1);

    private static final String[] NAMES = {
        "encode",
        "decode",
        "encode_sparse_array",
        "encode_max_depth",
        "decode_max_depth",
        "encode_number_precision",
        "encode_keep_buffer",
        "encode_invalid_numbers",
        "decode_invalid_numbers",
        "new"
    };

    private final LuaFunction[] functions = {
        JsonLibrary::encode,
        JsonLibrary::decode,
        JsonLibrary::sparseArray,
        lua -> integer(lua, Setting.ENCODE_MAX_DEPTH, Integer.MAX_VALUE),
        lua -> integer(lua, Setting.DECODE_MAX_DEPTH, Integer.MAX_VALUE),
        lua -> integer(lua, Setting.NUMBER_PRECISION, 14),
        lua -> choice(lua, Setting.KEEP_BUFFER, "off", "on"),
        lua -> choice(lua, Setting.ENCODE_INVALID_NUMBERS, "off", "on", "null"),
        lua -> choice(lua, Setting.DECODE_INVALID_NUMBERS, "off", "on"),
        this::create
    };

    private final int[] registered = new int[functions.length];

    @Override
    public void install(LuaState lua) {
        for (int i = 0; i < functions.length; i++) {
            registered[i] = lua.register(functions[i]);
        }
        create(lua);
        lua.set(LuaState.GLOBALS, "cjson");
    }

    /** Pushes a table of all functions with new settings. */
    private int create(LuaState lua) {
        lua.newTable(0, 16);
        JsonSettings.pushInitial(lua);
        for (int i = 0; i < registered.length; i++) {
            lua.pushValue(-1);
            lua.pushFunction(registered[i], 1);
            lua.set(-3, NAMES[i]);
        }
        lua.pop(1);
        lua.pushPointer(0);
        lua.set(-2, "null");
        lua.pushString("cjson");
        lua.set(-2, "_NAME");
        lua.pushString("2.1.0");
        lua.set(-2, "_VERSION");
        return 1;
    }

    private static int encode(LuaState lua) {
        needOneArgument(lua);
        try (NativeBuffer to = new NativeBuffer()) {
            new JsonWriter(lua, new JsonSettings(lua, SETTINGS), to).write();
            to.push(lua);
        }
        return 1;
    }

    private static int decode(LuaState lua) {
        needOneArgument(lua);
        long text = lua.stringArgument(1);
        int length = lua.stringLength();
        new JsonReader(lua, new JsonSettings(lua, SETTINGS), text, length).read();
        return 1;
    }

    private static void needOneArgument(LuaState lua) {
        if (lua.top() != 1) {
            throw lua.argument(1, "expected 1 argument");
        }
    }

    private static int sparseArray(LuaState lua) {
        JsonSettings.arguments(lua, 3);
        JsonSettings settings = new JsonSettings(lua, SETTINGS);
        settings.flag(1, Setting.SPARSE_CONVERT);
        settings.integer(2, Setting.SPARSE_RATIO, 0, Integer.MAX_VALUE);
        settings.integer(3, Setting.SPARSE_SAFE, 0, Integer.MAX_VALUE);
        return 3;
    }

    private static int integer(LuaState lua, Setting setting, int most) {
        JsonSettings.arguments(lua, 1);
        new JsonSettings(lua, SETTINGS).integer(1, setting, 1, most);
        return 1;
    }

    private static int choice(LuaState lua, Setting setting, String... words) {
        JsonSettings.arguments(lua, 1);
        new JsonSettings(lua, SETTINGS).choice(1, setting, words);
        return 1;
    }
}
