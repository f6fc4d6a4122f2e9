package io.keydb.server.command.sortedset;

/**
 * Positions that were drawn already: an open-addressed table of longs, at most half full.
 *
 * <p>Threads: confined to its owner.
 */
final class PositionSet {
    /** Positions plus one, so that zero is an empty slot. */
    private final long[] slots;

    private int size;

    /** A set for so many positions. */
    PositionSet(int capacity) {
        slots = new long[Integer.highestOneBit(Math.max(4, capacity)) * 4];
    }

    int size() {
        return size;
    }

    /** Adds a position; false when it was there. */
    boolean add(long position) {
        int mask = slots.length - 1;
        int index = (int) ((position * 0x9e3779b97f4a7c15L) >>> 32) & mask;
        while (slots[index] != 0) {
            if (slots[index] == position + 1) {
                return false;
            }
            index = (index + 1) & mask;
        }
        slots[index] = position + 1;
        size++;
        return true;
    }
}
