package io.keydb.server.scripting.library;

import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.scripting.lua.LuaType;
import org.jspecify.annotations.Nullable;

/**
 * Conversions between the numbers of Lua, which are doubles, and integers, as C programs on 64-bit
 * machines do them, also where the language leaves the result open.
 *
 * <p>Threads: immutable.
 */
final class Numbers {
    private static final double TWO_TO_31 = 0x1p31;
    private static final double TWO_TO_63 = 0x1p63;

    private Numbers() {}

    /** To a 64-bit integer; what does not fit, and not-a-number, is the smallest. */
    static long toLong(double number) {
        return number >= -TWO_TO_63 && number < TWO_TO_63 ? (long) number : Long.MIN_VALUE;
    }

    /** To a 32-bit integer; what does not fit, and not-a-number, is the smallest. */
    static int toInt(double number) {
        return number > -TWO_TO_31 - 1 && number < TWO_TO_31 ? (int) number : Integer.MIN_VALUE;
    }

    /** To an unsigned 64-bit integer. */
    static long toUnsignedLong(double number) {
        return number >= TWO_TO_63 ? toLong(number - TWO_TO_63) ^ Long.MIN_VALUE : toLong(number);
    }

    /** Of an unsigned 64-bit integer, rounded to nearest. */
    static double ofUnsignedLong(long value) {
        if (value >= 0) {
            return value;
        }
        return ((value >>> 1) | (value & 1)) * 2.0;
    }

    /** Whether a number is a 64-bit integer. */
    static boolean isLong(double number) {
        return number >= -TWO_TO_63 && number < TWO_TO_63 && number == (long) number;
    }

    /** Argument {@code i} as an integer. */
    static long integerArgument(LuaState lua, int i) {
        return toLong(lua.numberArgument(i));
    }

    /** Argument {@code i} as an integer, or {@code absent} when it is nil or missing. */
    static long integerArgument(LuaState lua, int i, long absent) {
        return lua.type(i) <= LuaType.NIL ? absent : integerArgument(lua, i);
    }

    /** What a function that needs room on the stack says when there is none. */
    static void needRoom(LuaState lua, int values, @Nullable String purpose) {
        if (!lua.room(values)) {
            throw new LuaError("stack overflow (" + purpose + ")");
        }
    }
}
