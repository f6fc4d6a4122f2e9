package io.keydb.server.value.stream;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;

/**
 * The id of a stream's entry: unix milliseconds and a sequence number, both unsigned, written
 * {@code milliseconds-sequence}. A reusable flyweight.
 *
 * <p>Threads: confined to its owner.
 */
public final class StreamId {
    /** The greatest of either part, as unsigned number. */
    public static final long GREATEST = -1;

    private static final int LONGEST_TEXT = 127;

    private long millis;
    private long sequence;
    private boolean hasSequence = true;
    private long parsed;

    public long millis() {
        return millis;
    }

    public long sequence() {
        return sequence;
    }

    /** Whether the text parsed last named a sequence number, and not {@code ms-*}. */
    public boolean hasSequence() {
        return hasSequence;
    }

    public StreamId set(long newMillis, long newSequence) {
        millis = newMillis;
        sequence = newSequence;
        return this;
    }

    public StreamId set(StreamId other) {
        return set(other.millis, other.sequence);
    }

    public boolean isZero() {
        return (millis | sequence) == 0;
    }

    public boolean isGreatest() {
        return (millis & sequence) == GREATEST;
    }

    public int compareTo(StreamId other) {
        return compare(millis, sequence, other.millis, other.sequence);
    }

    /** Negative, zero or positive as the first id is before, the same as or after the second. */
    public static int compare(long millis, long sequence, long otherMillis, long otherSequence) {
        int order = Long.compareUnsigned(millis, otherMillis);
        return order != 0 ? order : Long.compareUnsigned(sequence, otherSequence);
    }

    /** Goes to the next id; false when there was none, and it is 0-0 now. */
    public boolean increment() {
        if (++sequence == 0) {
            return ++millis != 0;
        }
        return true;
    }

    /** Goes to the id before; false when there was none, and it is the greatest now. */
    public boolean decrement() {
        if (sequence-- == 0) {
            return millis-- != 0;
        }
        return true;
    }

    /**
     * Takes an id from text, which may be {@code -} and {@code +} for the least and greatest id.
     *
     * @param missingSequence what the sequence number is when the text does not name it
     * @return false when the text is no id
     */
    public boolean parse(long address, int length, long missingSequence) {
        if (length == 1 && Memory.getByte(address) == '-') {
            set(0, 0);
            hasSequence = true;
            return true;
        }
        if (length == 1 && Memory.getByte(address) == '+') {
            set(GREATEST, GREATEST);
            hasSequence = true;
            return true;
        }
        return parseStrictly(address, length, missingSequence);
    }

    /** The same without {@code -} and {@code +}. */
    public boolean parseStrictly(long address, int length, long missingSequence) {
        return parse(address, length, missingSequence, false);
    }

    /** The same, where {@code ms-*} leaves the sequence number open: {@link #hasSequence}. */
    public boolean parseOpen(long address, int length) {
        return parse(address, length, 0, true);
    }

    private boolean parse(long address, int length, long missingSequence, boolean mayBeOpen) {
        hasSequence = true;
        if (length > LONGEST_TEXT) {
            return false;
        }
        long end = find((byte) 0, address, address + length);
        long dash = find((byte) '-', address, end);
        if (dash == address || !parseUnsigned(address, dash)) {
            return false;
        }
        millis = parsed;
        if (dash == end) {
            sequence = missingSequence;
        } else if (mayBeOpen && end - dash == 2 && Memory.getByte(dash + 1) == '*') {
            sequence = 0;
            hasSequence = false;
        } else if (parseUnsigned(dash + 1, end)) {
            sequence = parsed;
        } else {
            return false;
        }
        return true;
    }

    /** As strtoull of C, which takes blanks, a sign and zeros in front. */
    private boolean parseUnsigned(long from, long end) {
        long value = DecimalText.parse(from, end - from);
        if (value != DecimalText.NONE) {
            parsed = value;
            return value >= 0;
        }
        if (DecimalText.isLeast(from, end - from)) {
            return false;
        }
        long at = from;
        while (at < end && isBlank(Memory.getByte(at))) {
            at++;
        }
        boolean negative = at < end && Memory.getByte(at) == '-';
        if (negative || (at < end && Memory.getByte(at) == '+')) {
            at++;
        }
        if (at == end) {
            return false;
        }
        value = 0;
        for (; at < end; at++) {
            int digit = Memory.getByte(at) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            long high = Math.unsignedMultiplyHigh(value, 10);
            value *= 10;
            if (high != 0 || Long.compareUnsigned(value + digit, value) < 0) {
                return false;
            }
            value += digit;
        }
        parsed = negative ? -value : value;
        return true;
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || (character >= '\t' && character <= '\r');
    }

    private static long find(byte sought, long from, long end) {
        long at = from;
        while (at < end && Memory.getByte(at) != sought) {
            at++;
        }
        return at;
    }

    /** The number of characters of the text of an id. */
    public static int length(long millis, long sequence) {
        return unsignedLength(millis) + 1 + unsignedLength(sequence);
    }

    /** Writes the text of an id; gives the address behind it. */
    public static long write(long address, long millis, long sequence) {
        long at = writeUnsigned(address, millis);
        Memory.putByte(at, (byte) '-');
        return writeUnsigned(at + 1, sequence);
    }

    private static int unsignedLength(long value) {
        return value >= 0
                ? DecimalText.length(value)
                : DecimalText.length(Long.divideUnsigned(value, 10)) + 1;
    }

    private static long writeUnsigned(long address, long value) {
        if (value >= 0) {
            return DecimalText.write(address, value);
        }
        long tens = Long.divideUnsigned(value, 10);
        return DecimalText.write(DecimalText.write(address, tens), value - tens * 10);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
    }
}
