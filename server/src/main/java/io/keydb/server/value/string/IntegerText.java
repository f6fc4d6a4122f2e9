package io.keydb.server.value.string;

import io.keydb.server.memory.Memory;
import java.nio.charset.StandardCharsets;

/**
 * 64-bit integers as decimal text, read as strictly as stock does: an optional minus, no leading
 * zeros, nothing else.
 *
 * <p>Threads: immutable.
 */
public final class IntegerText {
    /** No integer text is longer. */
    public static final int LONGEST = 20;

    /**
     * What {@link #parse} gives for text that is no integer. The least integer is told apart by
     * {@link #isLeast}.
     */
    public static final long NONE = Long.MIN_VALUE;

    private static final byte[] LEAST = "-9223372036854775808".getBytes(StandardCharsets.US_ASCII);

    private IntegerText() {}

    /** Whether the bytes spell an integer that fits 64 bits. */
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
        if (length == 0 || length > LONGEST) {
            return NONE;
        }
        int first = Memory.getByte(address);
        boolean negative = first == '-';
        long i = negative ? 1 : 0;
        if (i == length) {
            return NONE;
        }
        int digit = Memory.getByte(address + i) - '0';
        if (digit == 0) {
            return length == 1 ? 0 : NONE;
        }
        long value = 0;
        for (; i < length; i++) {
            digit = Memory.getByte(address + i) - '0';
            if (digit < 0 || digit > 9) {
                return NONE;
            }
            if (value > Long.MAX_VALUE / 10
                    || (value == Long.MAX_VALUE / 10 && digit > Long.MAX_VALUE % 10)) {
                return NONE;
            }
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }

    /** Number of characters of the value's text. */
    public static int length(long value) {
        if (value == Long.MIN_VALUE) {
            return LONGEST;
        }
        int length = value < 0 ? 2 : 1;
        for (long rest = Math.abs(value); rest >= 10; rest /= 10) {
            length++;
        }
        return length;
    }

    /** Writes the value's text; gives its length. */
    public static int write(long value, long address) {
        if (value == Long.MIN_VALUE) {
            Memory.copyIn(LEAST, 0, address, LEAST.length);
            return LONGEST;
        }
        int length = length(value);
        long rest = Math.abs(value);
        for (int i = length - 1; i >= 0; i--) {
            Memory.putByte(address + i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        if (value < 0) {
            Memory.putByte(address, (byte) '-');
        }
        return length;
    }
}
