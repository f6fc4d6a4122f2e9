package io.keydb.server.value.bitmap;

import io.keydb.server.memory.Memory;

/**
 * Counting and finding bits, eight bytes a step.
 *
 * <p>Threads: stateless.
 */
public final class Bits {
    private static final int BYTE_MASK = 0xff;

    private Bits() {}

    /** The bit at that position. */
    public static int bit(long address, long position) {
        return Memory.getByte(address + (position >>> 3)) >> (7 - (position & 7)) & 1;
    }

    /** Makes the bit at that position 0 or 1. */
    public static void set(long address, long position, int bit) {
        long at = address + (position >>> 3);
        int shift = (int) (7 - (position & 7));
        Memory.putByte(at, (byte) ((Memory.getByte(at) & ~(1 << shift)) | bit << shift));
    }

    /** Number of ones from one position to another, both included. */
    public static long count(long address, long from, long to) {
        long first = from >>> 3;
        long last = to >>> 3;
        long count = countBytes(address + first, last - first + 1);
        int before = Memory.getByte(address + first) & BYTE_MASK & ~(BYTE_MASK >> (from & 7));
        int behind = Memory.getByte(address + last) & (BYTE_MASK >> 1 >> (to & 7));
        return count - Integer.bitCount(before) - Integer.bitCount(behind);
    }

    /**
     * The first position of a 0 or a 1 from one position to another, both included, or -1.
     *
     * @param bit 0 or 1: which is looked for
     */
    public static long find(long address, long from, long to, int bit) {
        // What is looked for is a one, after all bits are turned if it is a zero.
        long turn = bit == 0 ? -1L : 0;
        long first = from >>> 3;
        long last = to >>> 3;
        int firstMask = BYTE_MASK >> (from & 7);
        int lastMask = (BYTE_MASK << (7 - (to & 7))) & BYTE_MASK;
        if (first == last) {
            return findInByte(address, first, turn, firstMask & lastMask);
        }
        long found = findInByte(address, first, turn, firstMask);
        if (found < 0) {
            found = findBetween(address, first + 1, last, turn);
        }
        return found >= 0 ? found : findInByte(address, last, turn, lastMask);
    }

    private static long countBytes(long address, long length) {
        long count = 0;
        long i = 0;
        for (; i + 32 <= length; i += 32) {
            count +=
                    Long.bitCount(Memory.getLong(address + i))
                            + Long.bitCount(Memory.getLong(address + i + 8))
                            + Long.bitCount(Memory.getLong(address + i + 16))
                            + Long.bitCount(Memory.getLong(address + i + 24));
        }
        for (; i + 8 <= length; i += 8) {
            count += Long.bitCount(Memory.getLong(address + i));
        }
        for (; i < length; i++) {
            count += Integer.bitCount(Memory.getByte(address + i) & BYTE_MASK);
        }
        return count;
    }

    private static long findBetween(long address, long first, long end, long turn) {
        long i = first;
        for (; i + 8 <= end; i += 8) {
            long word = Memory.getLong(address + i) ^ turn;
            if (word != 0) {
                return i * 8 + Long.numberOfLeadingZeros(Long.reverseBytes(word));
            }
        }
        for (; i < end; i++) {
            long found = findInByte(address, i, turn, BYTE_MASK);
            if (found >= 0) {
                return found;
            }
        }
        return -1;
    }

    private static long findInByte(long address, long index, long turn, int mask) {
        int bits = (Memory.getByte(address + index) ^ (int) turn) & mask;
        return bits == 0 ? -1 : index * 8 + Integer.numberOfLeadingZeros(bits) - 24;
    }
}
