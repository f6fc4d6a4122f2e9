package io.keydb.server.resp;

import io.keydb.server.memory.Memory;

/**
 * Integers as decimal text in memory, in the one form Redis accepts: an optional minus, no plus, no
 * leading zero, no blank, within 64 bits.
 *
 * <p>Threads: stateless.
 */
public final class DecimalText {

    /** Length of the longest integer, the minus included. */
    public static final int LONGEST = 20;

    private static final int LONGEST_SAFE = 18;

    private DecimalText() {}

    /** Tells whether the bytes are an integer of 64 bits in its only accepted form. */
    public static boolean isInteger(long from, long end) {
        long length = end - from;
        if (length <= 0 || length > LONGEST) {
            return false;
        }
        boolean negative = Memory.getByte(from) == '-';
        long at = negative ? from + 1 : from;
        if (at == end) {
            return false;
        }
        byte first = Memory.getByte(at);
        if (first == '0') {
            return !negative && length == 1;
        }
        for (long i = at; i < end; i++) {
            byte digit = Memory.getByte(i);
            if (digit < '0' || digit > '9') {
                return false;
            }
        }
        return end - at <= LONGEST_SAFE || fits(at, end, negative);
    }

    /** 19 digits or more: compared with the limit without its sign. */
    private static boolean fits(long from, long end, boolean negative) {
        if (end - from > LONGEST_SAFE + 1) {
            return false;
        }
        long magnitude = magnitude(from, end); // 19 digits fit into 64 unsigned bits
        return negative ? magnitude + Long.MIN_VALUE <= 0 : magnitude >= 0;
    }

    /** The value of bytes for which {@link #isInteger} holds. */
    public static long parse(long from, long end) {
        boolean negative = Memory.getByte(from) == '-';
        long magnitude = magnitude(negative ? from + 1 : from, end);
        return negative ? -magnitude : magnitude;
    }

    private static long magnitude(long from, long end) {
        long value = 0;
        for (long i = from; i < end; i++) {
            value = value * 10 + (Memory.getByte(i) - '0');
        }
        return value;
    }

    /** The number of characters of a value. */
    public static int length(long value) {
        if (value >= 0) {
            return digits(value);
        }
        return value == Long.MIN_VALUE ? LONGEST : 1 + digits(-value);
    }

    private static int digits(long value) {
        long bound = 10;
        for (int digits = 1; digits < 19; digits++) {
            if (value < bound) {
                return digits;
            }
            bound *= 10;
        }
        return 19;
    }

    /** Writes a value, which takes {@link #length} bytes; returns the address after it. */
    public static long write(long address, long value) {
        if (value >= 0 && value < 10) {
            Memory.putByte(address, (byte) ('0' + value));
            return address + 1;
        }
        long end = address + length(value);
        long at = end;
        long rest = value;
        do { // works on negative remainders, so that the least value needs no case of its own
            long quotient = rest / 10;
            int digit = (int) (rest - quotient * 10);
            Memory.putByte(--at, (byte) ('0' + (digit < 0 ? -digit : digit)));
            rest = quotient;
        } while (rest != 0);
        if (value < 0) {
            Memory.putByte(address, (byte) '-');
        }
        return end;
    }
}
