package io.keydb.server.scripting.library;

import io.keydb.server.memory.Memory;
import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaLibrary;
import io.keydb.server.scripting.lua.LuaState;

/**
 * The library {@code struct}: values as bytes, laid out as a C compiler would.
 *
 * <p>Threads: as the state it is installed in.
 */
public final class StructLibrary implements LuaLibrary {
    private static final String TOO_SHORT = "data string too short";

    @Override
    public void install(LuaState lua) {
        new Functions(lua)
                .add("pack", StructLibrary::pack)
                .add("unpack", StructLibrary::unpack)
                .add("size", StructLibrary::size)
                .install("struct");
    }

    private static int pack(LuaState lua) {
        StructFormat format = new StructFormat(lua);
        int argument = 2;
        lua.pushNil(); // an argument too few is a nil
        try (NativeBuffer to = new NativeBuffer()) {
            while (format.next()) {
                to.appendZeros(format.padding(to.length()));
                switch (format.option()) {
                    case 'b', 'B', 'h', 'H', 'l', 'L', 'T', 'i', 'I' ->
                            append(to, integer(lua, argument++), format);
                    case 'x' -> to.append(0);
                    case 'f' ->
                            append(
                                    to,
                                    Float.floatToRawIntBits((float) lua.numberArgument(argument++)),
                                    format);
                    case 'd' ->
                            append(
                                    to,
                                    Double.doubleToRawLongBits(lua.numberArgument(argument++)),
                                    format);
                    case 'c', 's' -> appendText(lua, to, argument++, format);
                    default -> format.control();
                }
            }
            to.push(lua);
        }
        return 1;
    }

    private static long integer(LuaState lua, int argument) {
        double number = lua.numberArgument(argument);
        return number < 0 ? Numbers.toLong(number) : Numbers.toUnsignedLong(number);
    }

    /** The lowest bytes of a value; bytes beyond eight are zero. */
    private static void append(NativeBuffer to, long value, StructFormat format) {
        int size = (int) format.size();
        long at = to.reserve(size);
        for (int i = 0; i < size; i++) {
            Memory.putByte(at + (format.isBigEndian() ? size - 1 - i : i), (byte) value);
            value >>>= 8;
        }
    }

    private static void appendText(
            LuaState lua, NativeBuffer to, int argument, StructFormat format) {
        long text = lua.stringArgument(argument);
        long length = lua.stringLength();
        long size = format.size() == 0 ? length : format.size();
        if (length < size) {
            throw lua.argument(argument + 1, "string too short");
        }
        to.append(text, size);
        if (format.option() == 's') {
            to.append(0);
        }
    }

    private static int unpack(LuaState lua) {
        StructFormat format = new StructFormat(lua);
        long data = lua.stringArgument(2);
        long length = lua.stringLength();
        long position = Numbers.integerArgument(lua, 3, 1);
        if (position == 0) {
            throw lua.argument(3, "offset must be 1 or greater");
        }
        position--;
        int results = 0;
        while (format.next()) {
            long size = format.size();
            position += format.padding(position);
            need(lua, position, size, length);
            Numbers.needRoom(lua, 2, "too many results");
            long at = data + position;
            switch (format.option()) {
                case 'b', 'h', 'l', 'i' -> {
                    lua.pushNumber(signed(integer(at, format), size));
                    results++;
                }
                case 'B', 'H', 'L', 'T', 'I' -> {
                    lua.pushNumber(Numbers.ofUnsignedLong(integer(at, format)));
                    results++;
                }
                case 'x' -> {}
                case 'f' -> {
                    lua.pushNumber(Float.intBitsToFloat((int) integer(at, format)));
                    results++;
                }
                case 'd' -> {
                    lua.pushNumber(Double.longBitsToDouble(integer(at, format)));
                    results++;
                }
                case 'c' -> {
                    if (size == 0) {
                        size = previous(lua, results);
                        results--;
                        need(lua, position, size, length);
                    }
                    lua.pushString(at, size);
                    results++;
                }
                case 's' -> {
                    size = terminated(at, length - position);
                    lua.pushString(at, size - 1);
                    results++;
                }
                default -> format.control();
            }
            position += size;
        }
        lua.pushNumber(position + 1);
        return results + 1;
    }

    private static void need(LuaState lua, long position, long size, long length) {
        if (Long.compareUnsigned(size, length) > 0
                || Long.compareUnsigned(position, length - size) > 0) {
            throw lua.argument(2, TOO_SHORT);
        }
    }

    private static long integer(long at, StructFormat format) {
        int size = (int) format.size();
        long value = 0;
        for (int i = 0; i < size; i++) {
            int place = format.isBigEndian() ? i : size - 1 - i;
            value = (value << 8) | (Memory.getByte(at + place) & 0xff);
        }
        return value;
    }

    private static double signed(long value, long size) {
        long mask = -1L << (size * 8 - 1);
        return (value & mask) != 0 ? value | mask : value;
    }

    /** The number unpacked last, which is the size of what follows; it is a result no longer. */
    private static long previous(LuaState lua, int results) {
        if (results == 0 || !lua.isNumber(-1)) {
            throw new LuaError("format 'c0' needs a previous size");
        }
        long size = Numbers.toUnsignedLong(lua.toNumber(-1));
        lua.pop(1);
        return size;
    }

    /** Bytes to the next NUL and that too. */
    private static long terminated(long at, long limit) {
        for (long i = 0; i < limit; i++) {
            if (Memory.getByte(at + i) == 0) {
                return i + 1;
            }
        }
        throw new LuaError("unfinished string in data");
    }

    private static int size(LuaState lua) {
        StructFormat format = new StructFormat(lua);
        long position = 0;
        while (format.next()) {
            position += format.padding(position);
            if (format.option() == 's') {
                throw lua.argument(1, "option 's' has no fixed size");
            }
            if (format.option() == 'c' && format.size() == 0) {
                throw lua.argument(1, "option 'c0' has no fixed size");
            }
            if (!isLetterOrDigit(format.option())) {
                format.control();
            }
            position += format.size();
        }
        lua.pushNumber(position);
        return 1;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
