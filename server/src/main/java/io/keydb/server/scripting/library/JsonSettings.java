package io.keydb.server.scripting.library;

import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.scripting.lua.LuaType;

/**
 * The settings of one {@code cjson} table: a list of numbers that lies in Lua, as upvalue of the
 * table's functions, so that it lives as long as these.
 *
 * <p>Threads: confined to one call.
 */
final class JsonSettings {
    /** A setting and its place in the list. */
    enum Setting {
        SPARSE_CONVERT(0),
        SPARSE_RATIO(2),
        SPARSE_SAFE(10),
        ENCODE_MAX_DEPTH(1000),
        DECODE_MAX_DEPTH(1000),
        NUMBER_PRECISION(14),
        KEEP_BUFFER(1),
        ENCODE_INVALID_NUMBERS(0),
        DECODE_INVALID_NUMBERS(1);

        private final int initial;

        Setting(int initial) {
            this.initial = initial;
        }
    }

    private static final String[] SWITCH = {"off", "on"};

    private final LuaState lua;
    private final int list;

    /** Settings in the list at a place of the stack, or in an upvalue. */
    JsonSettings(LuaState lua, int list) {
        this.lua = lua;
        this.list = list;
    }

    /** Pushes a list of what is set in the beginning. */
    static void pushInitial(LuaState lua) {
        Setting[] all = Setting.values();
        lua.newTable(all.length, 0);
        for (Setting setting : all) {
            lua.pushNumber(setting.initial);
            lua.set(-2, setting.ordinal() + 1);
        }
    }

    int get(Setting setting) {
        lua.get(list, setting.ordinal() + 1);
        int value = (int) lua.toNumber(-1);
        lua.pop(1);
        return value;
    }

    /** Sets an integer from an argument, unless that is nil, and pushes what is set. */
    void integer(int argument, Setting setting, int least, int most) {
        if (!lua.isNil(argument)) {
            int value = (int) Numbers.integerArgument(lua, argument);
            if (value < least || value > most) {
                throw lua.argument(1, "expected integer between " + least + " and " + most);
            }
            set(setting, value);
        }
        lua.pushNumber(get(setting));
    }

    /**
     * Sets {@code off} or {@code on} from an argument, unless that is nil, and pushes a boolean.
     */
    void flag(int argument, Setting setting) {
        choice(argument, setting, SWITCH);
    }

    /**
     * Sets one of some words from an argument, unless that is nil, and pushes what is set. The
     * first two are {@code off} and {@code on}, which are booleans as well.
     */
    void choice(int argument, Setting setting, String... words) {
        if (!lua.isNil(argument)) {
            set(setting, chosen(argument, words));
        }
        int value = get(setting);
        if (value <= 1) {
            lua.pushBoolean(value == 1);
        } else {
            lua.pushString(words[value]);
        }
    }

    private int chosen(int argument, String[] words) {
        if (lua.type(argument) == LuaType.BOOLEAN) {
            return lua.toBoolean(argument) ? 1 : 0;
        }
        lua.stringArgument(argument);
        String wanted = lua.text(argument);
        int nul = wanted.indexOf('\0');
        String word = nul < 0 ? wanted : wanted.substring(0, nul);
        for (int i = 0; i < words.length; i++) {
            if (words[i].equals(word)) {
                return i;
            }
        }
        throw lua.argument(argument, "invalid option '" + word + "'");
    }

    private void set(Setting setting, int value) {
        lua.pushNumber(value);
        lua.set(list, setting.ordinal() + 1);
    }

    /** Lets functions take a number of arguments at most; those missing are nil. */
    static void arguments(LuaState lua, int most) throws LuaError {
        if (lua.top() > most) {
            throw lua.argument(most + 1, "found too many arguments");
        }
        lua.top(most);
    }
}
