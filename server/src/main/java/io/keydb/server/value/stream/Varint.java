package io.keydb.server.value.stream;

import io.keydb.server.memory.Memory;

/**
 * Unsigned numbers in as few bytes as they need: 7 bits in each, the low ones first, the top bit
 * set where more follow.
 *
 * <p>Threads: stateless.
 */
final class Varint {
    /** Bytes of the greatest number. */
    static final int LONGEST = 10;

    private Varint() {}

    static long read(long at) {
        long first = Memory.getByte(at);
        return first >= 0 ? first : readLong(at, first);
    }

    private static long readLong(long at, long first) {
        long value = first & 0x7f;
        int shift = 7;
        long next = at + 1;
        while (true) {
            long bits = Memory.getByte(next++);
            value |= (bits & 0x7f) << shift;
            if (bits >= 0) {
                return value;
            }
            shift += 7;
        }
    }

    /** The bytes a number takes. */
    static int bytes(long value) {
        return value >>> 7 == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
    }

    /** Writes a number; gives the address behind it. */
    static long write(long at, long value) {
        long next = at;
        long rest = value;
        while (rest >>> 7 != 0) {
            Memory.putByte(next++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        Memory.putByte(next++, (byte) rest);
        return next;
    }
}
