package io.keydb.server.memory;

import java.nio.charset.StandardCharsets;

/**
 * Integers as decimal text in memory, in the one form Redis accepts: an optional minus, no plus, no
 * leading zero, no blank, within 64 bits.
 *
 * <p>Threads: stateless.
 */
public final class DecimalText {

    /** Length of the longest integer, the minus included. */
    public static final int LONGEST = 20;

    /**
     * What {@link #parse} gives for text that is no integer. The least integer is told apart by
     * {@link #isLeast}.
     */
    public static final long NONE = Long.MIN_VALUE;

    /** So many digits never overflow. */
    private static final int LONGEST_SAFE = 18;

    private static final byte[] LEAST = "-9223372036854775808".getBytes(StandardCharsets.US_ASCII);

    private DecimalText() {}

    /** Whether the bytes spell an integer. */
    public static boolean isInteger(long address, long length) {
        return parse(address, length) != NONE || isLeast(address, length);
    }

    /** Whether the bytes spell the least 64-bit integer. */
    public static boolean isLeast(long address, long length) {
        if (length != LEAST.length) {
            return false;
        }
        for (int i = 0; i < LEAST.length; i++) {
            if (Memory.getByte(address + i) != LEAST[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The integer the bytes spell, or {@link #NONE}, which the least integer gives as well: ask
     * {@link #isLeast} when it matters.
     */
    public static long parse(long address, long length) {
        if (length <= 0 || length > LONGEST) {
            return NONE;
        }
        boolean negative = Memory.getByte(address) == '-';
        long at = negative ? address + 1 : address;
        long end = address + length;
        if (at == end) {
            return NONE;
        }
        int digit = Memory.getByte(at) - '0';
        if (digit == 0) {
            return length == 1 ? 0 : NONE;
        }
        long digits = end - at;
        long magnitude = 0; // 19 digits fit into 64 unsigned bits
        for (; at < end; at++) {
            digit = Memory.getByte(at) - '0';
            if (digit < 0 || digit > 9) {
                return NONE;
            }
            magnitude = magnitude * 10 + digit;
        }
        if (digits > LONGEST_SAFE && (digits > LONGEST_SAFE + 1 || magnitude < 0)) {
            return NONE;
        }
        return negative ? -magnitude : magnitude;
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
