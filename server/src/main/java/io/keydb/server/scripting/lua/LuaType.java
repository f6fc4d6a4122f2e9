package io.keydb.server.scripting.lua;

/**
 * The types of Lua's values, as the library numbers them.
 *
 * <p>Threads: immutable.
 */
public final class LuaType {
    public static final int NONE = -1;
    public static final int NIL = 0;
    public static final int BOOLEAN = 1;
    public static final int POINTER = 2;
    public static final int NUMBER = 3;
    public static final int STRING = 4;
    public static final int TABLE = 5;
    public static final int FUNCTION = 6;
    public static final int USERDATA = 7;
    public static final int THREAD = 8;

    private static final String[] NAMES = {
        "no value",
        "nil",
        "boolean",
        "userdata",
        "number",
        "string",
        "table",
        "function",
        "userdata",
        "thread"
    };

    private LuaType() {}

    /** What scripts call the type. */
    public static String name(int type) {
        return NAMES[type + 1];
    }
}
