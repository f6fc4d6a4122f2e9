package io.keydb.server.scripting.library;

import io.keydb.server.memory.Memory;
import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaState;
import java.util.Arrays;

/**
 * Reads MessagePack onto Lua's stack. Nesting is limited by the stack's size.
 *
 * <p>Threads: confined to one call.
 */
final class MessagePackReader {
    private static final String TOO_MANY =
            "too many return values at once; use unpack_one or unpack_limit instead.";

    private static final long MAP = -1;

    private final LuaState lua;
    private final long end;
    private long at;

    /** Open containers: values that are to come, and elements an array has, or {@link #MAP}. */
    private int depth;

    private long[] left = new long[8];
    private long[] done = new long[8];
    private boolean isOpened;

    MessagePackReader(LuaState lua, long start, long end) {
        this.lua = lua;
        this.end = end;
        at = start;
    }

    boolean isAtEnd() {
        return at == end;
    }

    /** Where the next value begins. */
    long position() {
        return at;
    }

    /**
     * Pushes the next value.
     *
     * @throws LuaError when bytes are missing or are no MessagePack
     */
    void read() {
        depth = 0;
        do {
            readValue();
        } while (!close());
    }

    /** Pushes a value, or opens a container for those that follow. */
    private void readValue() {
        need(1);
        Numbers.needRoom(lua, 3, TOO_MANY);
        int mark = Memory.getByte(at) & 0xff;
        switch (mark) {
            case 0xc0 -> {
                at++;
                lua.pushNil();
            }
            case 0xc2, 0xc3 -> {
                at++;
                lua.pushBoolean(mark == 0xc3);
            }
            case 0xca -> lua.pushNumber(Float.intBitsToFloat((int) number(4)));
            case 0xcb -> lua.pushNumber(Double.longBitsToDouble(number(8)));
            case 0xcc, 0xcd, 0xce, 0xcf -> lua.pushNumber(number(1 << (mark - 0xcc)));
            case 0xd0 -> lua.pushNumber((byte) number(1));
            case 0xd1 -> lua.pushNumber((short) number(2));
            case 0xd2 -> lua.pushNumber((int) number(4));
            case 0xd3 -> lua.pushNumber(number(8));
            case 0xd9 -> readString(number(1));
            case 0xda -> readString(number(2));
            case 0xdb -> readString(number(4));
            case 0xdc -> readArray(number(2));
            case 0xdd -> readArray(number(4));
            case 0xde -> readMap(number(2));
            case 0xdf -> readMap(number(4));
            default -> readShort(mark);
        }
    }

    /** A value whose number, length or count lies in the first byte. */
    private void readShort(int mark) {
        if (mark < 0x80 || mark >= 0xe0) {
            at++;
            lua.pushNumber((byte) mark);
        } else if (mark < 0x90) {
            at++;
            readMap(mark & 0xf);
        } else if (mark < 0xa0) {
            at++;
            readArray(mark & 0xf);
        } else if (mark < 0xc0) {
            at++;
            readString(mark & 0x1f);
        } else {
            throw new LuaError("Bad data format in input.");
        }
    }

    /** The unsigned number behind the mark; at 8 bytes it is signed. */
    private long number(int bytes) {
        need(1 + bytes);
        long number = 0;
        for (int i = 1; i <= bytes; i++) {
            number = (number << 8) | (Memory.getByte(at + i) & 0xff);
        }
        at += 1 + bytes;
        return number;
    }

    private void readString(long length) {
        need(length);
        lua.pushString(at, length);
        at += length;
    }

    private void readArray(long count) {
        open(count, false);
    }

    private void readMap(long count) {
        open(count, true);
    }

    /** The containers around a value lie on Lua's stack; there is no recursion. */
    private void open(long count, boolean isMap) {
        lua.newTable(0, 0);
        if (depth == left.length) {
            left = Arrays.copyOf(left, depth * 2);
            done = Arrays.copyOf(done, depth * 2);
        }
        left[depth] = isMap ? count * 2 : count;
        done[depth] = isMap ? MAP : 0;
        depth++;
        isOpened = true;
    }

    /**
     * Puts the value on top into its container, and full containers into theirs; true when none is
     * left.
     */
    private boolean close() {
        if (isOpened && left[depth - 1] > 0) {
            isOpened = false;
            return false;
        }
        if (isOpened) {
            depth--;
            isOpened = false;
        }
        while (depth > 0) {
            int top = depth - 1;
            left[top]--;
            if (done[top] != MAP) {
                done[top]++;
                store(done[top]);
            } else if ((left[top] & 1) == 0) {
                Keys.need(lua, -2);
                lua.set(-3);
            }
            if (left[top] > 0) {
                return false;
            }
            depth--;
        }
        return true;
    }

    private void store(long index) {
        lua.pushNumber(index);
        lua.insert(-2);
        lua.set(-3);
    }

    private void need(long bytes) {
        if (end - at < bytes) {
            throw new LuaError("Missing bytes in input.");
        }
    }
}
