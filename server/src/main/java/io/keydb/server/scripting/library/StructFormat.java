package io.keydb.server.scripting.library;

import io.keydb.server.memory.Memory;
import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaState;

/**
 * A format of the library {@code struct} while it is read: letters that stand for one value each,
 * with its size, and letters that change the byte order and the alignment of what follows.
 *
 * <p>Threads: confined to one call.
 */
final class StructFormat {
    private static final int LARGEST_INTEGER = 32;
    private static final int LARGEST_ALIGNMENT = 8;

    private final LuaState lua;
    private long at;
    private boolean isBigEndian;
    private int alignment = 1;
    private int option;
    private long size;

    /** Of the function's first argument. */
    StructFormat(LuaState lua) {
        this.lua = lua;
        at = lua.stringArgument(1);
    }

    /** Goes on to the next letter and its size; false behind the last one. */
    boolean next() {
        option = Memory.getByte(at);
        if (option == 0) {
            return false;
        }
        at++;
        size = optionSize();
        return true;
    }

    char option() {
        return (char) option;
    }

    /** Bytes of the value; 0 for {@code s}, {@code c0} and what is no value. */
    long size() {
        return size;
    }

    boolean isBigEndian() {
        return isBigEndian;
    }

    /** Bytes to leave out in front of the value, at a distance from the start. */
    long padding(long position) {
        if (size == 0 || option == 'c') {
            return 0;
        }
        long unit = Math.min(size, alignment);
        return (unit - (position & (unit - 1))) & (unit - 1);
    }

    /** Obeys a letter that is no value. */
    void control() {
        switch (option) {
            case ' ' -> {}
            case '>' -> isBigEndian = true;
            case '<' -> isBigEndian = false;
            case '!' -> {
                int wanted = number(LARGEST_ALIGNMENT);
                if (wanted <= 0 || Integer.bitCount(wanted) != 1) {
                    throw new LuaError("alignment " + wanted + " is not a power of 2");
                }
                alignment = wanted;
            }
            default ->
                    throw lua.argument(1, "invalid format option '" + (char) (option & 0xff) + "'");
        }
    }

    private long optionSize() {
        return switch (option) {
            case 'B', 'b', 'x' -> 1;
            case 'H', 'h' -> 2;
            case 'f' -> 4;
            case 'L', 'l', 'T', 'd' -> 8;
            case 'c' -> number(1);
            case 'i', 'I' -> integerSize();
            default -> 0;
        };
    }

    private int integerSize() {
        int bytes = number(4);
        if (bytes > LARGEST_INTEGER) {
            throw new LuaError(
                    "integral size " + bytes + " is larger than limit of " + LARGEST_INTEGER);
        }
        return bytes;
    }

    private int number(int absent) {
        int digit = Memory.getByte(at) - '0';
        if (digit < 0 || digit > 9) {
            return absent;
        }
        int number = 0;
        while (digit >= 0 && digit <= 9) {
            if (number > Integer.MAX_VALUE / 10 || number * 10 > Integer.MAX_VALUE - digit) {
                throw new LuaError("integral size overflow");
            }
            number = number * 10 + digit;
            at++;
            digit = Memory.getByte(at) - '0';
        }
        return number;
    }
}
