package io.keydb.server.value.stream;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;

/**
 * The bytes of one field or value within a {@link StreamNode}.
 *
 * <pre>
 *   first byte    then                         text
 *   00nnnnnn      n bytes                      these bytes
 *   01nnnnnn      p (1 byte), n bytes          the first p bytes of a reference, then these bytes
 *   10nnnnnn      -                            n in decimal
 *   11000nnn      n + 1 bytes                  this integer in decimal, little-endian, signed
 * </pre>
 *
 * <p>A length n of 63 says that the length stands behind the first byte, as {@link Varint} (before
 * p). What the reference is, the node knows: the value of the same field in the node's first entry.
 *
 * <p>Threads: stateless.
 */
final class PackedText {
    /** More bytes than text takes beyond its length. */
    static final int OVERHEAD = 8;

    private static final int SHARED = 0x40;
    private static final int SMALL = 0x80;
    private static final int INTEGER = 0xc0;
    private static final int LONG_LENGTH = 63;
    private static final int LEAST_SHARED = 4;
    private static final int MOST_SHARED = 255;

    private PackedText() {}

    static boolean isInteger(long at) {
        return Memory.getByte(at) < 0;
    }

    static boolean isShared(long at) {
        return (Memory.getByte(at) & 0xc0) == SHARED;
    }

    /** Whether it can be a reference. */
    static boolean isPlain(long at) {
        return (Memory.getByte(at) & 0xc0) == 0;
    }

    static long integer(long at) {
        int first = Memory.getByte(at) & 0xff;
        if (first < INTEGER) {
            return first & 0x3f;
        }
        int bytes = (first & 7) + 1;
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (Memory.getByte(at + 1 + i) & 0xffL) << (8 * i);
        }
        int unused = 64 - 8 * bytes;
        return value << unused >> unused;
    }

    /** How many bytes of the text stand here; not for integers. */
    static int length(long at) {
        int length = Memory.getByte(at) & 0x3f;
        return length < LONG_LENGTH ? length : (int) Varint.read(at + 1);
    }

    /** How many bytes of the text stand in the reference. */
    static int sharedLength(long at) {
        return isShared(at) ? Memory.getByte(textAddress(at) - 1) & 0xff : 0;
    }

    /** Where the bytes of the text are that stand here. */
    static long textAddress(long at) {
        int first = Memory.getByte(at) & 0xff;
        long text = at + 1 + (first >>> 6);
        return (first & 0x3f) < LONG_LENGTH ? text : text + Varint.bytes(Varint.read(at + 1));
    }

    /** Where the next one begins. */
    static long next(long at) {
        int first = Memory.getByte(at);
        if (first >= 0) {
            return textAddress(at) + length(at);
        }
        return (first & 0xc0) == SMALL ? at + 1 : at + 2 + (first & 7);
    }

    /** Whether it is this text; not for one with a reference. */
    static boolean isSame(long at, long address, int length) {
        if (!isInteger(at)) {
            return length(at) == length && Memory.equal(textAddress(at), address, length);
        }
        long value = integer(at);
        return length == DecimalText.length(value)
                && DecimalText.isInteger(address, length)
                && DecimalText.parse(address, length) == value;
    }

    /** Writes an integer; gives the address behind it. */
    static long write(long at, long value) {
        if (value >= 0 && value <= 0x3f) {
            Memory.putByte(at, (byte) (SMALL | value));
            return at + 1;
        }
        int bits = 65 - Long.numberOfLeadingZeros(value ^ value >> 63);
        int bytes = (bits + 7) >>> 3;
        Memory.putByte(at, (byte) (INTEGER | bytes - 1));
        for (int i = 0; i < bytes; i++) {
            Memory.putByte(at + 1 + i, (byte) (value >> (8 * i)));
        }
        return at + 1 + bytes;
    }

    /**
     * Writes text that is no integer; gives the address behind it.
     *
     * @param reference what it may share bytes with, 0: nothing
     */
    static long write(long at, long address, int length, long reference) {
        int shared = 0;
        if (reference != 0 && isPlain(reference)) {
            int most = Math.min(Math.min(length, length(reference)), MOST_SHARED);
            shared = sharedBytes(address, textAddress(reference), most);
        }
        int kind = SHARED;
        if (shared < LEAST_SHARED) {
            shared = 0;
            kind = 0;
        }
        int rest = length - shared;
        long next = at + 1;
        if (rest < LONG_LENGTH) {
            Memory.putByte(at, (byte) (kind | rest));
        } else {
            Memory.putByte(at, (byte) (kind | LONG_LENGTH));
            next = Varint.write(next, rest);
        }
        if (shared > 0) {
            Memory.putByte(next++, (byte) shared);
        }
        Memory.copy(address + shared, next, rest);
        return next + rest;
    }

    private static int sharedBytes(long a, long b, int most) {
        int i = 0;
        for (; i + 8 <= most; i += 8) {
            long difference = Memory.getLong(a + i) ^ Memory.getLong(b + i);
            if (difference != 0) {
                return i + (Long.numberOfTrailingZeros(difference) >>> 3);
            }
        }
        while (i < most && Memory.getByte(a + i) == Memory.getByte(b + i)) {
            i++;
        }
        return i;
    }
}
