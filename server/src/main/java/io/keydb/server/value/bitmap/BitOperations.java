package io.keydb.server.value.bitmap;

import io.keydb.server.memory.Memory;

/**
 * Operations on whole strings of bits, eight bytes a step. A string that is shorter than another
 * goes on with zeros.
 *
 * <p>Threads: stateless.
 */
public final class BitOperations {
    private static final int BYTE_MASK = 0xff;

    private BitOperations() {}

    /** Takes from {@code to} the bits that the other string does not have. */
    public static void and(long to, long length, long other, long otherLength) {
        long common = Math.min(length, otherLength);
        long i = 0;
        for (; i + 8 <= common; i += 8) {
            Memory.putLong(to + i, Memory.getLong(to + i) & Memory.getLong(other + i));
        }
        for (; i < common; i++) {
            Memory.putByte(to + i, (byte) (Memory.getByte(to + i) & Memory.getByte(other + i)));
        }
        Memory.fill(to + common, length - common, (byte) 0);
    }

    /** Adds to {@code to}, which is at least as long, the bits of the other string. */
    public static void or(long to, long other, long otherLength) {
        long i = 0;
        for (; i + 8 <= otherLength; i += 8) {
            Memory.putLong(to + i, Memory.getLong(to + i) | Memory.getLong(other + i));
        }
        for (; i < otherLength; i++) {
            Memory.putByte(to + i, (byte) (Memory.getByte(to + i) | Memory.getByte(other + i)));
        }
    }

    /** Turns in {@code to}, which is at least as long, the bits of the other string. */
    public static void xor(long to, long other, long otherLength) {
        long i = 0;
        for (; i + 8 <= otherLength; i += 8) {
            Memory.putLong(to + i, Memory.getLong(to + i) ^ Memory.getLong(other + i));
        }
        for (; i < otherLength; i++) {
            Memory.putByte(to + i, (byte) (Memory.getByte(to + i) ^ Memory.getByte(other + i)));
        }
    }

    /** Turns all bits. */
    public static void not(long to, long length) {
        long i = 0;
        for (; i + 8 <= length; i += 8) {
            Memory.putLong(to + i, ~Memory.getLong(to + i));
        }
        for (; i < length; i++) {
            Memory.putByte(to + i, (byte) ~Memory.getByte(to + i));
        }
    }

    /**
     * The length of a string that is shifted as one little-endian number, by {@code bits} to higher
     * places, or to lower ones when that is negative.
     */
    public static long shiftedLength(long length, long bits) {
        long shifted = length + bits / 8 + (bits > 0 && bits % 8 != 0 ? 1 : 0);
        return Math.max(0, shifted);
    }

    /** Writes a string, shifted as one little-endian number, to {@code shiftedLength} bytes. */
    public static void shift(long from, long length, long bits, long to) {
        if (bits >= 0) {
            shiftUp(from, length, bits, to);
        } else {
            shiftDown(from, length, -bits, to);
        }
    }

    private static void shiftUp(long from, long length, long bits, long to) {
        int shift = (int) (bits & 7);
        long start = to + bits / 8;
        Memory.fill(to, bits / 8, (byte) 0);
        if (shift == 0) {
            Memory.copy(from, start, length);
            return;
        }
        long carry = 0;
        long i = 0;
        for (; i + 8 <= length; i += 8) {
            long word = Memory.getLong(from + i);
            Memory.putLong(start + i, word << shift | carry);
            carry = word >>> (64 - shift);
        }
        for (; i < length; i++) {
            int here = Memory.getByte(from + i) & BYTE_MASK;
            Memory.putByte(start + i, (byte) (here << shift | carry));
            carry = here >> (8 - shift);
        }
        Memory.putByte(start + i, (byte) carry);
    }

    private static void shiftDown(long from, long length, long bits, long to) {
        int shift = (int) (bits & 7);
        long start = from + bits / 8;
        long left = length - bits / 8;
        if (left <= 0) {
            return;
        }
        if (shift == 0) {
            Memory.copy(start, to, left);
            return;
        }
        long i = 0;
        for (; i + 9 <= left; i += 8) {
            long next = Memory.getByte(start + i + 8) & BYTE_MASK;
            Memory.putLong(to + i, Memory.getLong(start + i) >>> shift | next << (64 - shift));
        }
        for (; i < left; i++) {
            int here = Memory.getByte(start + i) & BYTE_MASK;
            int next = i + 1 < left ? Memory.getByte(start + i + 1) & BYTE_MASK : 0;
            Memory.putByte(to + i, (byte) (here >> shift | next << (8 - shift)));
        }
    }
}
