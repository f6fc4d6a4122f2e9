package io.keydb.server.value.set;

import io.keydb.server.memory.Memory;

/**
 * Sorted integers in one piece of memory, in the format of the same name of stock servers, so that
 * it goes into a snapshot as it is.
 *
 * <pre>
 *   0   width of an integer in bytes: 2, 4 or 8     (4)
 *   4   number of integers                          (4)
 *   8   the integers, ascending, each once          (width each)
 * </pre>
 *
 * <p>All numbers are little-endian. The width is that of the integer that needs most; it never
 * shrinks. Whoever adds an integer has made room for {@link #bytesWith} bytes.
 *
 * <p>Threads: stateless; confined to the partition lock.
 */
public final class IntSet {
    /** The bytes of a set without integers. */
    public static final int EMPTY_BYTES = 8;

    /** More integers than this do not fit any more. */
    public static final int MOST_INTEGERS = 1 << 30;

    private static final int COUNT = 4;
    private static final int NARROWEST = Short.BYTES;

    private IntSet() {}

    /** Makes an empty set of {@link #EMPTY_BYTES} bytes. */
    public static void initialise(long set) {
        Memory.putInt(set, NARROWEST);
        Memory.putInt(set + COUNT, 0);
    }

    /** The bytes the set takes. */
    public static long bytes(long set) {
        return EMPTY_BYTES + (long) count(set) * width(set);
    }

    /** The bytes the set would take with {@code value} added. */
    public static long bytesWith(long set, long value) {
        return EMPTY_BYTES + (count(set) + 1L) * Math.max(width(set), widthOf(value));
    }

    public static int count(long set) {
        return Memory.getInt(set + COUNT);
    }

    /** The integer at a position, counted from the least. */
    public static long at(long set, int index) {
        return at(set, index, width(set));
    }

    public static boolean contains(long set, long value) {
        return indexOf(set, value) >= 0;
    }

    /**
     * The position of an integer; when it is absent, the position it would have, as {@code
     * -position - 1}.
     */
    public static int indexOf(long set, long value) {
        int width = width(set);
        int low = 0;
        int high = count(set) - 1;
        if (high >= 0 && value > at(set, high, width)) {
            return -high - 2;
        }
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = at(set, middle, width);
            if (found == value) {
                return middle;
            }
            if (found < value) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /**
     * Puts an integer where {@link #indexOf} said it would be; there is room for {@link #bytesWith}
     * bytes.
     *
     * @param index the position, counted from the least
     */
    public static void insert(long set, int index, long value) {
        int count = count(set);
        int width = width(set);
        int needed = widthOf(value);
        if (needed > width) {
            widen(set, count, index, needed);
        } else {
            long place = address(set, index, width);
            Memory.copy(place, place + width, (long) (count - index) * width);
        }
        put(set, index, Math.max(width, needed), value);
        Memory.putInt(set + COUNT, count + 1);
    }

    /** Takes the integer at a position out. */
    public static void removeAt(long set, int index) {
        int count = count(set);
        int width = width(set);
        long place = address(set, index, width);
        Memory.copy(place + width, place, (long) (count - index - 1) * width);
        Memory.putInt(set + COUNT, count - 1);
    }

    /** Whether foreign bytes are a set as described above, with at least one integer. */
    public static boolean isValid(long set, long bytes) {
        if (bytes < EMPTY_BYTES) {
            return false;
        }
        int width = Memory.getInt(set);
        long count = Memory.getInt(set + COUNT) & 0xffffffffL;
        if ((width != Short.BYTES && width != Integer.BYTES && width != Long.BYTES)
                || count == 0
                || count > MOST_INTEGERS
                || EMPTY_BYTES + count * width != bytes) {
            return false;
        }
        for (int i = 1; i < count; i++) {
            if (at(set, i, width) <= at(set, i - 1, width)) {
                return false;
            }
        }
        return true;
    }

    /** An integer wider than all others is less or greater than they, so it goes to an end. */
    private static void widen(long set, int count, int index, int width) {
        int old = width(set);
        int shift = index == 0 ? 1 : 0;
        for (int i = count - 1; i >= 0; i--) {
            put(set, i + shift, width, at(set, i, old));
        }
        Memory.putInt(set, width);
    }

    private static int width(long set) {
        return Memory.getInt(set);
    }

    private static int widthOf(long value) {
        if (value == (short) value) {
            return Short.BYTES;
        }
        return value == (int) value ? Integer.BYTES : Long.BYTES;
    }

    private static long address(long set, int index, int width) {
        return set + EMPTY_BYTES + (long) index * width;
    }

    private static long at(long set, int index, int width) {
        long address = address(set, index, width);
        return switch (width) {
            case Short.BYTES -> Memory.getShort(address);
            case Integer.BYTES -> Memory.getInt(address);
            default -> Memory.getLong(address);
        };
    }

    private static void put(long set, int index, int width, long value) {
        long address = address(set, index, width);
        switch (width) {
            case Short.BYTES -> Memory.putShort(address, (short) value);
            case Integer.BYTES -> Memory.putInt(address, (int) value);
            default -> Memory.putLong(address, value);
        }
    }
}
