package io.keydb.server.memory;

/**
 * The sizes of cells: multiples of 8 up to 128, then eight steps per doubling up to 16 KB, so that
 * at most an eighth is lost; beyond that whole pages.
 *
 * <p>Threads: stateless.
 */
final class SizeClasses {

    static final int COUNT = 16 + 7 * 8;

    /** The largest cell that lies in a slab. */
    static final int LARGEST = 16 << 10;

    private SizeClasses() {}

    /** The class of a request of 1 to {@link #LARGEST} bytes. */
    static int of(long bytes) {
        if (bytes <= 128) {
            return (int) (bytes - 1) >>> 3;
        }
        int log = 63 - Long.numberOfLeadingZeros(bytes - 1);
        return 16 + (log - 7) * 8 + (int) ((bytes - 1) >>> (log - 3)) - 8;
    }

    /** The size of the cells of a class. */
    static int bytes(int sizeClass) {
        if (sizeClass < 16) {
            return (sizeClass + 1) << 3;
        }
        int log = 7 + ((sizeClass - 16) >>> 3);
        return (1 << log) + (((sizeClass - 16 & 7) + 1) << (log - 3));
    }

    /** The size of the cell that a request gets. */
    static long cellSize(long bytes) {
        if (bytes <= 128) {
            return (bytes + 7) & -8;
        }
        if (bytes > LARGEST) {
            return Pages.roundUp(bytes);
        }
        long step = 1L << ((63 - Long.numberOfLeadingZeros(bytes - 1)) - 3);
        return (bytes + step - 1) & -step;
    }
}
