package io.keydb.server.value.bitmap;

import io.keydb.server.memory.Memory;

/**
 * Integers of any width from 1 to 64 bits at any position, highest bit first, and what becomes of
 * those that are too large for their width. Unsigned ones have at most 63 bits.
 *
 * <p>Threads: stateless.
 */
public final class BitField {
    private BitField() {}

    /** What happens to an integer that does not fit. */
    public enum Overflow {
        /** The bits that fit are kept. */
        WRAP,
        /** It becomes the nearest one that fits. */
        SATURATE,
        /** Nothing is written. */
        FAIL
    }

    /** The integer at that position; bits beyond {@code length} bytes are zero. */
    public static long get(long address, long length, long position, int bits, boolean signed) {
        long value = 0;
        long at = position;
        for (int left = bits; left > 0; ) {
            int start = (int) (at & 7);
            int taken = Math.min(8 - start, left);
            int here = at >>> 3 < length ? Memory.getByte(address + (at >>> 3)) & 0xff : 0;
            value = value << taken | (here >> (8 - start - taken) & ((1 << taken) - 1));
            at += taken;
            left -= taken;
        }
        return signed ? value << (64 - bits) >> (64 - bits) : value;
    }

    /** Writes the lowest bits of an integer at that position. */
    public static void put(long address, long position, int bits, long value) {
        long at = position;
        for (int left = bits; left > 0; ) {
            int start = (int) (at & 7);
            int taken = Math.min(8 - start, left);
            int shift = 8 - start - taken;
            int mask = ((1 << taken) - 1) << shift;
            int part = (int) (value >>> (left - taken)) << shift & mask;
            long byteAt = address + (at >>> 3);
            Memory.putByte(byteAt, (byte) ((Memory.getByte(byteAt) & ~mask) | part));
            at += taken;
            left -= taken;
        }
    }

    /** Whether the sum of a value and an increment has no place in so many bits. */
    public static boolean overflows(long value, long increment, int bits, boolean signed) {
        return direction(value, increment, bits, signed) != 0;
    }

    /** What is written for a sum that overflows. */
    public static long settled(
            long value, long increment, int bits, boolean signed, Overflow overflow) {
        if (overflow == Overflow.WRAP) {
            long sum = value + increment;
            return signed ? sum << (64 - bits) >> (64 - bits) : sum & greatest(bits, false);
        }
        long greatest = greatest(bits, signed);
        boolean above = direction(value, increment, bits, signed) > 0;
        return above ? greatest : signed ? -greatest - 1 : 0;
    }

    private static long greatest(int bits, boolean signed) {
        return (1L << (signed ? bits - 1 : bits)) - 1;
    }

    /** Whether the sum is too great (1), too small (-1) or fits (0). */
    private static int direction(long value, long increment, int bits, boolean signed) {
        long greatest = greatest(bits, signed);
        if (!signed) {
            // A negative value is one beyond 63 bits.
            if (value < 0 || value > greatest || increment > greatest - value) {
                return 1;
            }
            return increment < -value ? -1 : 0;
        }
        // These may wrap around. So a value far below the least one counts as too great, as stock
        // has it.
        long most = greatest - value;
        long fewest = -greatest - 1 - value;
        if (value > greatest
                || (bits != 64 && increment > most)
                || (value >= 0 && increment > 0 && increment > most)) {
            return 1;
        }
        boolean below =
                value < -greatest - 1
                        || (bits != 64 && increment < fewest)
                        || (value < 0 && increment < 0 && increment < fewest);
        return below ? -1 : 0;
    }
}
