package io.keydb.server.scripting.library;

import io.keydb.server.memory.Memory;
import io.keydb.server.scripting.library.JsonSettings.Setting;
import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.scripting.lua.LuaType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes Lua values as JSON. A table is an array when its keys are integers from 1 on and not too
 * far apart, or else an object; an empty one is an object.
 *
 * <p>Threads: confined to one call.
 */
final class JsonWriter {
    /** What stands for a byte of a string; none for the byte itself. */
    private static final byte[][] ESCAPES = escapes();

    private final LuaState lua;
    private final JsonSettings settings;
    private final NativeBuffer to;
    private final int maxDepth;

    /** For each open table, the length of an array or 0, and how much of it is written. */
    private int depth;

    private int[] lengths = new int[8];
    private int[] written = new int[8];

    JsonWriter(LuaState lua, JsonSettings settings, NativeBuffer to) {
        this.lua = lua;
        this.settings = settings;
        this.to = to;
        maxDepth = settings.get(Setting.ENCODE_MAX_DEPTH);
    }

    /** Writes the topmost value, which stays there. */
    void write() {
        depth = 0;
        do {
            if (lua.isTable(-1)) {
                open();
            } else {
                writePlain();
            }
        } while (advance());
    }

    private void writePlain() {
        switch (lua.type(-1)) {
            case LuaType.STRING -> writeString(-1);
            case LuaType.NUMBER -> writeNumber(-1);
            case LuaType.BOOLEAN -> to.append(lua.toBoolean(-1) ? "true" : "false");
            case LuaType.NIL -> to.append("null");
            case LuaType.POINTER -> {
                if (lua.toPointer(-1) != 0) {
                    throw refused(-1, "type not supported");
                }
                to.append("null");
            }
            default -> throw refused(-1, "type not supported");
        }
    }

    /**
     * Begins with the table on top, which stays there until all of it is written. Tables within
     * tables lie on Lua's stack; there is no recursion, which a table could drive beyond the
     * thread's stack.
     */
    private void open() {
        depth++;
        if (depth > maxDepth || !lua.room(4)) {
            throw new LuaError("Cannot serialise, excessive nesting (" + depth + ")");
        }
        int length = arrayLength();
        if (depth > lengths.length) {
            lengths = Arrays.copyOf(lengths, lengths.length * 2);
            written = Arrays.copyOf(written, lengths.length);
        }
        lengths[depth - 1] = Math.max(0, length);
        written[depth - 1] = 0;
        to.append(length > 0 ? '[' : '{');
        lua.pushNil(); // the key of an object, or nothing; and a value
        lua.pushNil();
    }

    /** Pushes the next value of the innermost table with more to write; false when none has. */
    private boolean advance() {
        while (depth > 0) {
            lua.pop(1);
            int top = depth - 1;
            boolean isArray = lengths[top] > 0;
            if (isArray ? nextElement(top) : nextField(top)) {
                return true;
            }
            to.append(isArray ? ']' : '}');
            depth--;
        }
        return false;
    }

    private boolean nextElement(int top) {
        if (written[top] == lengths[top]) {
            lua.pop(1);
            return false;
        }
        if (written[top] > 0) {
            to.append(',');
        }
        written[top]++;
        lua.get(-2, written[top]);
        return true;
    }

    private boolean nextField(int top) {
        if (!lua.next(-2)) {
            return false;
        }
        if (written[top] > 0) {
            to.append(',');
        }
        written[top] = 1;
        switch (lua.type(-2)) {
            case LuaType.NUMBER -> {
                to.append('"');
                writeNumber(-2);
                to.append('"');
            }
            case LuaType.STRING -> writeString(-2);
            default -> throw refused(-2, "table key must be a number or string");
        }
        to.append(':');
        return true;
    }

    /** The largest key of a table that is an array, or what is not above 0. */
    private int arrayLength() {
        int largest = 0;
        int items = 0;
        lua.pushNil();
        while (lua.next(-2)) {
            lua.pop(1);
            double key = lua.type(-1) == LuaType.NUMBER ? lua.toNumber(-1) : 0;
            if (key < 1 || Math.floor(key) != key) {
                lua.pop(1);
                return -1;
            }
            if (key > largest) {
                largest = Numbers.toInt(key);
            }
            items++;
        }
        int ratio = settings.get(Setting.SPARSE_RATIO);
        if (ratio > 0 && largest > items * ratio && largest > settings.get(Setting.SPARSE_SAFE)) {
            if (settings.get(Setting.SPARSE_CONVERT) == 0) {
                throw refused(-1, "excessively sparse array");
            }
            return -1;
        }
        return largest;
    }

    private void writeNumber(int index) {
        double number = lua.toNumber(index);
        if (!Double.isFinite(number)) {
            switch (settings.get(Setting.ENCODE_INVALID_NUMBERS)) {
                case 0 -> throw refused(index, "must not be NaN or Inf");
                case 1 -> to.append(Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf");
                default -> to.append("null");
            }
            return;
        }
        to.append(NumberText.of(number, settings.get(Setting.NUMBER_PRECISION)));
    }

    private void writeString(int index) {
        long from = lua.string(index);
        int length = lua.stringLength();
        to.append('"');
        long unescaped = 0;
        for (long i = 0; i < length; i++) {
            byte[] escape = ESCAPES[Memory.getByte(from + i) & 0xff];
            if (escape.length > 0) {
                to.append(from + unescaped, i - unescaped);
                to.append(escape);
                unescaped = i + 1;
            }
        }
        to.append(from + unescaped, length - unescaped);
        to.append('"');
    }

    private LuaError refused(int index, String reason) {
        return new LuaError("Cannot serialise " + LuaType.name(lua.type(index)) + ": " + reason);
    }

    private static byte[][] escapes() {
        byte[][] escapes = new byte[256][0];
        for (int i = 0; i < 0x20; i++) {
            escapes[i] = unicode(i);
        }
        escapes[0x7f] = unicode(0x7f);
        String special = "\b\t\n\f\r\"/\\";
        String letters = "btnfr\"/\\";
        for (int i = 0; i < special.length(); i++) {
            escapes[special.charAt(i)] = new byte[] {'\\', (byte) letters.charAt(i)};
        }
        return escapes;
    }

    private static byte[] unicode(int code) {
        return ("\\u00" + Character.forDigit(code >> 4, 16) + Character.forDigit(code & 15, 16))
                .getBytes(StandardCharsets.US_ASCII);
    }
}
