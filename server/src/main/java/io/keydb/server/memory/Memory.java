package io.keydb.server.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Typed access to absolute addresses outside the Java heap. All numbers are little-endian and need
 * no alignment.
 *
 * <p>Nothing is checked: an address must lie in memory that the caller owns. Whoever computes an
 * address from bytes that came from outside validates them first.
 *
 * <p>Short copies, fills and comparisons, the usual case for keys, are done with overlapping loads
 * and stores, because the bulk operations of {@link MemorySegment} cost more to enter.
 *
 * <p>Threads: stateless; visibility of the bytes is the caller's business.
 */
public final class Memory {

    /** The whole address space; the one place that makes memory out of numbers. */
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Up to here two overlapping loads beat the bulk copy. */
    private static final int SHORT_COPY = 16;

    /** Up to here a loop over words beats the bulk operations. */
    private static final int SHORT_LOOP = 64;

    private static final long EACH_BYTE = 0x0101010101010101L;

    private Memory() {}

    public static byte getByte(long address) {
        return ALL.get(BYTE, address);
    }

    public static void putByte(long address, byte value) {
        ALL.set(BYTE, address, value);
    }

    public static short getShort(long address) {
        return ALL.get(SHORT, address);
    }

    public static void putShort(long address, short value) {
        ALL.set(SHORT, address, value);
    }

    public static int getInt(long address) {
        return ALL.get(INT, address);
    }

    public static void putInt(long address, int value) {
        ALL.set(INT, address, value);
    }

    public static long getLong(long address) {
        return ALL.get(LONG, address);
    }

    public static void putLong(long address, long value) {
        ALL.set(LONG, address, value);
    }

    public static double getDouble(long address) {
        return ALL.get(DOUBLE, address);
    }

    public static void putDouble(long address, double value) {
        ALL.set(DOUBLE, address, value);
    }

    /** Copies bytes; the two ranges may overlap. */
    public static void copy(long from, long to, long length) {
        if (length > SHORT_COPY) {
            MemorySegment.copy(ALL, from, ALL, to, length);
        } else if (length >= 8) {
            // Everything is loaded before anything is stored, here and below, so overlapping ranges
            // are safe.
            long first = getLong(from);
            long last = getLong(from + length - 8);
            putLong(to, first);
            putLong(to + length - 8, last);
        } else if (length >= 4) {
            int first = getInt(from);
            int last = getInt(from + length - 4);
            putInt(to, first);
            putInt(to + length - 4, last);
        } else if (length > 0) {
            byte first = getByte(from);
            byte middle = getByte(from + (length >>> 1));
            byte last = getByte(from + length - 1);
            putByte(to, first);
            putByte(to + (length >>> 1), middle);
            putByte(to + length - 1, last);
        }
    }

    public static void fill(long address, long length, byte value) {
        if (length > SHORT_LOOP) {
            ALL.asSlice(address, length).fill(value);
        } else if (length >= 8) {
            long pattern = (value & 0xff) * EACH_BYTE;
            long last = length - 8;
            for (long i = 0; i < last; i += 8) {
                putLong(address + i, pattern);
            }
            putLong(address + last, pattern);
        } else {
            for (long i = 0; i < length; i++) {
                putByte(address + i, value);
            }
        }
    }

    public static boolean equal(long a, long b, long length) {
        if (length >= 8) {
            return length > SHORT_LOOP
                    ? MemorySegment.mismatch(ALL, a, a + length, ALL, b, b + length) < 0
                    : equalWords(a, b, length);
        }
        if (length >= 4) {
            return getInt(a) == getInt(b) && getInt(a + length - 4) == getInt(b + length - 4);
        }
        for (long i = 0; i < length; i++) {
            if (getByte(a + i) != getByte(b + i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalWords(long a, long b, long length) {
        long last = length - 8;
        for (long i = 0; i < last; i += 8) {
            if (getLong(a + i) != getLong(b + i)) {
                return false;
            }
        }
        return getLong(a + last) == getLong(b + last);
    }

    /**
     * Unsigned lexicographic order: negative, zero or positive, as {@link
     * java.util.Arrays#compareUnsigned(byte[], byte[])}.
     */
    public static int compare(long a, long aLength, long b, long bLength) {
        long common = Math.min(aLength, bLength);
        long i = 0;
        for (; i + 8 <= common; i += 8) {
            long x = getLong(a + i);
            long y = getLong(b + i);
            if (x != y) {
                return Long.compareUnsigned(Long.reverseBytes(x), Long.reverseBytes(y));
            }
        }
        for (; i < common; i++) {
            int difference = (getByte(a + i) & 0xff) - (getByte(b + i) & 0xff);
            if (difference != 0) {
                return difference;
            }
        }
        return Long.compare(aLength, bLength);
    }

    public static void copyIn(byte[] from, int offset, long to, int length) {
        MemorySegment.copy(from, offset, ALL, BYTE, to, length);
    }

    public static void copyOut(long from, byte[] to, int offset, int length) {
        MemorySegment.copy(ALL, BYTE, from, to, offset, length);
    }

    /** A copy on the heap. */
    public static byte[] bytes(long address, int length) {
        byte[] copy = new byte[length];
        copyOut(address, copy, 0, length);
        return copy;
    }
}
