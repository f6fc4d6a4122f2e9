package io.keydb.server.scripting.library;

import io.keydb.server.scripting.lua.LuaFunction;
import io.keydb.server.scripting.lua.LuaLibrary;
import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.scripting.lua.LuaType;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/**
 * The library {@code bit}: operations on 32 bits. A number stands for its lowest 32 bits, rounded
 * to nearest; results are signed.
 *
 * <p>Threads: as the state it is installed in.
 */
public final class BitLibrary implements LuaLibrary {
    /** Added to a double, it brings the integer part into the lowest bits. */
    private static final double MAGIC = 0x1.8p52;

    private static final String LOWER_DIGITS = "0123456789abcdef";
    private static final String UPPER_DIGITS = "0123456789ABCDEF";

    private final byte[] hex = new byte[8];

    @Override
    public void install(LuaState lua) {
        new Functions(lua)
                .add("tobit", unary(bits -> bits))
                .add("bnot", unary(bits -> ~bits))
                .add("bswap", unary(Integer::reverseBytes))
                .add("band", folded((a, b) -> a & b))
                .add("bor", folded((a, b) -> a | b))
                .add("bxor", folded((a, b) -> a ^ b))
                .add("lshift", binary((bits, n) -> bits << n))
                .add("rshift", binary((bits, n) -> bits >>> n))
                .add("arshift", binary((bits, n) -> bits >> n))
                .add("rol", binary(Integer::rotateLeft))
                .add("ror", binary(Integer::rotateRight))
                .add("tohex", this::toHex)
                .install("bit");
    }

    private static LuaFunction unary(IntUnaryOperator operator) {
        return lua -> {
            lua.pushNumber(operator.applyAsInt(bits(lua, 1)));
            return 1;
        };
    }

    /** The second argument counts bits, of which there are 32. */
    private static LuaFunction binary(IntBinaryOperator operator) {
        return lua -> {
            int bits = bits(lua, 1);
            lua.pushNumber(operator.applyAsInt(bits, bits(lua, 2) & 31));
            return 1;
        };
    }

    private static LuaFunction folded(IntBinaryOperator operator) {
        return lua -> {
            int result = bits(lua, 1);
            for (int i = lua.top(); i > 1; i--) {
                result = operator.applyAsInt(result, bits(lua, i));
            }
            lua.pushNumber(result);
            return 1;
        };
    }

    private int toHex(LuaState lua) {
        int bits = bits(lua, 1);
        int digits = lua.type(2) == LuaType.NONE ? 8 : bits(lua, 2);
        String alphabet = digits < 0 ? UPPER_DIGITS : LOWER_DIGITS;
        int count = Math.min(8, digits == Integer.MIN_VALUE ? 8 : Math.abs(digits));
        byte[] text = count == hex.length ? hex : new byte[count];
        for (int i = count - 1; i >= 0; i--) {
            text[i] = (byte) alphabet.charAt(bits & 15);
            bits >>>= 4;
        }
        lua.pushString(text);
        return 1;
    }

    private static int bits(LuaState lua, int argument) {
        int bits = (int) Double.doubleToRawLongBits(lua.toNumber(argument) + MAGIC);
        if (bits == 0 && !lua.isNumber(argument)) {
            throw lua.wrongType(argument, "number");
        }
        return bits;
    }
}
