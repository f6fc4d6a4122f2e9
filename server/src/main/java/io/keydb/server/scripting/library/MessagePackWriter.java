package io.keydb.server.scripting.library;

import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.scripting.lua.LuaType;

/**
 * Writes Lua values as MessagePack. Tables whose keys are 1 to n are arrays, others maps; what has
 * no counterpart, and tables nested too deep, are nil. A number that is an integer is written as
 * one, any other as the shortest float that has its value.
 *
 * <p>Threads: confined to one call.
 */
final class MessagePackWriter {
    private static final int DEEPEST = 16;

    private final LuaState lua;
    private final NativeBuffer to;

    MessagePackWriter(LuaState lua, NativeBuffer to) {
        this.lua = lua;
        this.to = to;
    }

    /** Writes the topmost value and pops it. */
    void write() {
        write(0);
    }

    private void write(int level) {
        switch (lua.type(-1)) {
            case LuaType.STRING -> writeString();
            case LuaType.BOOLEAN -> to.append(lua.toBoolean(-1) ? 0xc3 : 0xc2);
            case LuaType.NUMBER -> writeNumber(lua.toNumber(-1));
            case LuaType.TABLE -> {
                if (level == DEEPEST) {
                    to.append(0xc0);
                } else {
                    writeTable(level);
                }
            }
            default -> to.append(0xc0);
        }
        lua.pop(1);
    }

    private void writeString() {
        long text = lua.string(-1);
        int length = lua.stringLength();
        if (length < 32) {
            to.append(0xa0 | length);
        } else if (length <= 0xff) {
            to.append(0xd9);
            to.append(length);
        } else {
            writeLength(0xda, length);
        }
        to.append(text, length);
    }

    /** A length in two bytes behind one mark, or in four behind the next. */
    private void writeLength(int mark, long length) {
        if (length <= 0xffff) {
            to.append(mark);
            to.appendBigEndian(length, 2);
        } else {
            to.append(mark + 1);
            to.appendBigEndian(length, 4);
        }
    }

    private void writeNumber(double number) {
        if (Numbers.isLong(number)) {
            writeInteger((long) number);
        } else if (number == (float) number) {
            to.append(0xca);
            to.appendBigEndian(Float.floatToRawIntBits((float) number), 4);
        } else {
            to.append(0xcb);
            to.appendBigEndian(Double.doubleToRawLongBits(number), 8);
        }
    }

    private void writeInteger(long n) {
        if (n >= -32 && n <= 0x7f) {
            to.append((int) n);
        } else if (n > 0) {
            writeInteger(0xcc, n, n <= 0xff ? 0 : n <= 0xffff ? 1 : n <= 0xffffffffL ? 2 : 3);
        } else {
            writeInteger(
                    0xd0,
                    n,
                    n >= Byte.MIN_VALUE
                            ? 0
                            : n >= Short.MIN_VALUE ? 1 : n >= Integer.MIN_VALUE ? 2 : 3);
        }
    }

    private void writeInteger(int mark, long n, int sizeLog) {
        to.append(mark + sizeLog);
        to.appendBigEndian(n, 1 << sizeLog);
    }

    private void writeTable(int level) {
        Numbers.needRoom(lua, 4, "in function mp_encode_lua_table");
        int length = arrayLength();
        if (length >= 0) {
            writeArray(length, level);
        } else {
            writeMap(level);
        }
    }

    /** How many elements, when the keys of the table on top are 1 to n; or else -1. */
    private int arrayLength() {
        int count = 0;
        int largest = 0;
        lua.pushNil();
        while (lua.next(-2)) {
            lua.pop(1);
            double key = lua.type(-1) == LuaType.NUMBER ? lua.toNumber(-1) : 0;
            if (key <= 0 || (int) key != key) {
                lua.pop(1);
                return -1;
            }
            largest = Math.max(largest, (int) key);
            count++;
        }
        return largest == count ? count : -1;
    }

    private void writeArray(int length, int level) {
        if (length <= 15) {
            to.append(0x90 | length);
        } else {
            writeLength(0xdc, length);
        }
        for (int i = 1; i <= length; i++) {
            lua.get(-1, i);
            write(level + 1);
        }
    }

    private void writeMap(int level) {
        long count = 0;
        lua.pushNil();
        while (lua.next(-2)) {
            lua.pop(1);
            count++;
        }
        if (count <= 15) {
            to.append((int) (0x80 | count));
        } else {
            writeLength(0xde, count);
        }
        lua.pushNil();
        while (lua.next(-2)) {
            lua.pushValue(-2);
            write(level + 1);
            write(level + 1);
        }
    }
}
