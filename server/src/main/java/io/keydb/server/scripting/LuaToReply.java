package io.keydb.server.scripting;

import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.scripting.lua.LuaType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Turns what a script returns into its reply, in the protocol of the client; see {@link ReplyToLua}
 * for the forms. The script's own protocol decides how booleans are sent.
 *
 * <p>Threads: confined to who runs the script.
 */
final class LuaToReply {
    private static final int VALUES_FOR_ONE = 4;
    private static final int FORMAT = 3;

    /** Far less than the stack of a thread takes, be the code compiled or not. */
    private static final int MOST_DEPTH = 1000;

    private final LuaState lua;
    private final ReplyWriter reply;
    private final boolean hasBooleans;
    private final Consumer<ScriptError> errors;
    private int depth;

    /**
     * @param hasBooleans whether the script asked for RESP3
     * @param errors is told each error
     */
    LuaToReply(LuaState lua, ReplyWriter reply, boolean hasBooleans, Consumer<ScriptError> errors) {
        this.lua = lua;
        this.reply = reply;
        this.hasBooleans = hasBooleans;
        this.errors = errors;
    }

    /** Pops a value and writes it. */
    void write() {
        if (depth == MOST_DEPTH || !lua.room(VALUES_FOR_ONE)) {
            reply.error("ERR reached lua stack limit");
            lua.pop(1);
            return;
        }
        switch (lua.type(-1)) {
            case LuaType.STRING -> {
                long address = lua.string(-1);
                reply.bulk(address, lua.stringLength());
            }
            case LuaType.BOOLEAN -> bool(lua.toBoolean(-1));
            case LuaType.NUMBER -> reply.integer(integer(lua.toNumber(-1)));
            case LuaType.TABLE -> {
                depth++;
                table();
                depth--;
            }
            default -> reply.nullBulk();
        }
        lua.pop(1);
    }

    private void bool(boolean value) {
        if (hasBooleans) {
            reply.bool(value);
        } else if (value) {
            reply.integer(1);
        } else {
            reply.nullBulk();
        }
    }

    /** As C converts it on the machines there are. */
    static long integer(double value) {
        return value >= -0x1p63 && value < 0x1p63 ? (long) value : Long.MIN_VALUE;
    }

    private void table() {
        if (!isError() && !isStatus() && !isNumber() && !isBigNumber() && !isVerbatim()) {
            if (!isMap() && !isSet()) {
                list();
            }
        }
    }

    private boolean has(String field, int type) {
        lua.get(-1, field);
        if (lua.type(-1) == type) {
            return true;
        }
        lua.pop(1);
        return false;
    }

    private boolean isError() {
        if (!has("err", LuaType.STRING)) {
            return false;
        }
        lua.pop(1);
        ScriptError error = ScriptError.of(lua);
        errors.accept(error);
        reply.error(error.text());
        return true;
    }

    private boolean isStatus() {
        if (!has("ok", LuaType.STRING)) {
            return false;
        }
        reply.simple(line(cText(lua.bytes(-1))));
        lua.pop(1);
        return true;
    }

    private boolean isNumber() {
        if (!has("double", LuaType.NUMBER)) {
            return false;
        }
        reply.doubleValue(lua.toNumber(-1));
        lua.pop(1);
        return true;
    }

    private boolean isBigNumber() {
        if (!has("big_number", LuaType.STRING)) {
            return false;
        }
        reply.bigNumber(line(lua.bytes(-1)));
        lua.pop(1);
        return true;
    }

    private boolean isVerbatim() {
        if (!has("verbatim_string", LuaType.TABLE)) {
            return false;
        }
        boolean isIt = false;
        if (has("format", LuaType.STRING)) {
            String format = new String(cText(lua.bytes(-1)), StandardCharsets.ISO_8859_1);
            lua.pop(1);
            if (has("string", LuaType.STRING)) {
                reply.verbatim((format + "   ").substring(0, FORMAT), lua.bytes(-1));
                lua.pop(1);
                isIt = true;
            }
        }
        lua.pop(1);
        return isIt;
    }

    private boolean isMap() {
        if (!has("map", LuaType.TABLE)) {
            return false;
        }
        long mark = reply.reserveAggregate();
        long pairs = 0;
        lua.pushNil();
        while (lua.next(-2)) {
            lua.pushValue(-2);
            write();
            write();
            pairs++;
        }
        reply.completeMap(mark, pairs);
        lua.pop(1);
        return true;
    }

    private boolean isSet() {
        if (!has("set", LuaType.TABLE)) {
            return false;
        }
        long mark = reply.reserveAggregate();
        long members = 0;
        lua.pushNil();
        while (lua.next(-2)) {
            lua.pop(1);
            lua.pushValue(-1);
            write();
            members++;
        }
        reply.completeSet(mark, members);
        lua.pop(1);
        return true;
    }

    private void list() {
        long mark = reply.reserveAggregate();
        int length = 0;
        lua.get(-1, 1);
        while (!lua.isNil(-1)) {
            write();
            length++;
            lua.get(-1, length + 1);
        }
        lua.pop(1);
        reply.completeArray(mark, length);
    }

    /** Without line breaks. */
    private static byte[] line(byte[] text) {
        byte[] line = text.clone();
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\r' || line[i] == '\n') {
                line[i] = ' ';
            }
        }
        return line;
    }

    /** Up to the first NUL, where C text ends. */
    private static byte[] cText(byte[] text) {
        for (int i = 0; i < text.length; i++) {
            if (text[i] == 0) {
                return Arrays.copyOf(text, i);
            }
        }
        return text;
    }
}
