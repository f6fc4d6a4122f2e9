package io.keydb.server.scripting;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.scripting.lua.LuaState;
import java.nio.charset.StandardCharsets;

/**
 * Turns a reply of a command into the value that a script sees.
 *
 * <pre>
 *   integer number | bulk string | null false (RESP3: nil) | status {ok=} | error {err=} | array list
 *   RESP3: map {map=} | set {set=} | double {double=} | big number {big_number=} | boolean
 *          verbatim {verbatim_string={format=, string=}}
 * </pre>
 *
 * <p>Threads: confined to who runs the script.
 */
final class ReplyToLua {
    private static final String UNSCORED = "ignore_error_stats_update";
    private static final int VALUES_FOR_ONE = 8;

    // The state comes with the first reply.
    @SuppressWarnings("NullAway.Init")
    private LuaState lua;

    private long at;

    /**
     * Pushes a reply in the wire format.
     *
     * @return whether it is an error
     */
    boolean push(LuaState state, long address) {
        lua = state;
        at = address;
        boolean isError = Memory.getByte(address) == '-';
        value();
        return isError;
    }

    private void value() {
        if (!lua.room(VALUES_FOR_ONE)) {
            throw new IllegalStateException("a reply is nested too deeply for a script");
        }
        int type = Memory.getByte(at++);
        switch (type) {
            case ':' -> {
                long line = at;
                lua.pushNumber(DecimalText.parse(line, line()));
            }
            case '$' -> bulk();
            case '+' -> status();
            case '-' -> error();
            case '*' -> array();
            case '%' -> map();
            case '~' -> set();
            case '_' -> {
                line();
                lua.pushNil();
            }
            case '#' -> {
                lua.pushBoolean(Memory.getByte(at) == 't');
                line();
            }
            case ',' -> number();
            case '(' -> {
                lua.newTable(0, 1);
                long line = at;
                lua.pushString(line, line());
                lua.set(-2, "big_number");
            }
            case '=' -> verbatim();
            case '|' -> attribute();
            default -> throw new IllegalStateException("no reply begins with " + (char) type);
        }
    }

    /** Goes behind the line; gives its length. */
    private int line() {
        long from = at;
        while (Memory.getByte(at) != '\r') {
            at++;
        }
        int length = (int) (at - from);
        at += 2;
        return length;
    }

    private long length() {
        long from = at;
        return DecimalText.parse(from, line());
    }

    private void bulk() {
        long length = length();
        if (length < 0) {
            lua.pushBoolean(false);
            return;
        }
        lua.pushString(at, length);
        at += length + 2;
    }

    private void status() {
        lua.newTable(0, 1);
        long line = at;
        lua.pushString(line, line());
        lua.set(-2, "ok");
    }

    private void error() {
        long from = at;
        int length = line();
        push(lua, new String(Memory.bytes(from, length), StandardCharsets.ISO_8859_1));
    }

    /** Pushes the error of a command, which is counted already. */
    static void push(LuaState lua, String text) {
        lua.newTable(0, 2);
        lua.pushString(text.indexOf(' ') < 0 ? "ERR " + text : text);
        lua.set(-2, "err");
        lua.pushBoolean(true);
        lua.set(-2, UNSCORED);
    }

    private void array() {
        long length = length();
        if (length < 0) {
            lua.pushBoolean(false);
            return;
        }
        lua.newTable((int) length, 0);
        for (int i = 1; i <= length; i++) {
            value();
            lua.set(-2, i);
        }
    }

    private void map() {
        long pairs = length();
        lua.newTable(0, 1);
        lua.newTable(0, (int) pairs);
        for (long i = 0; i < pairs; i++) {
            value();
            value();
            setUnlessNil();
        }
        lua.set(-2, "map");
    }

    private void set() {
        long members = length();
        lua.newTable(0, 1);
        lua.newTable(0, (int) members);
        for (long i = 0; i < members; i++) {
            value();
            lua.pushBoolean(true);
            setUnlessNil();
        }
        lua.set(-2, "set");
    }

    /** Nothing can stand at nil in a table of Lua. */
    private void setUnlessNil() {
        if (lua.isNil(-2)) {
            lua.pop(2);
        } else {
            lua.set(-3);
        }
    }

    private void number() {
        long from = at;
        int length = line();
        String text = new String(Memory.bytes(from, length), StandardCharsets.US_ASCII);
        lua.newTable(0, 1);
        lua.pushNumber(
                switch (text) {
                    case "inf" -> Double.POSITIVE_INFINITY;
                    case "-inf" -> Double.NEGATIVE_INFINITY;
                    case "nan", "-nan" -> Double.NaN;
                    default -> Double.parseDouble(text);
                });
        lua.set(-2, "double");
    }

    private void verbatim() {
        long length = length();
        lua.newTable(0, 1);
        lua.newTable(0, 2);
        lua.pushString(at + 4, length - 4);
        lua.set(-2, "string");
        lua.pushString(at, 3);
        lua.set(-2, "format");
        lua.set(-2, "verbatim_string");
        at += length + 2;
    }

    /** Scripts see no attributes, only what stands behind them. */
    private void attribute() {
        long pairs = length();
        for (long i = 0; i < pairs * 2; i++) {
            value();
            lua.pop(1);
        }
        value();
    }
}
