package io.keydb.server.value.sortedset;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.SeparatorOrder;

/**
 * A leaf of the order of a sorted set: elements side by side, in their order.
 *
 * <pre>
 *   0    elements (2)
 *   2    elements there is room for (2)
 *   8    element (16) x room
 *
 *   element
 *   0    sortable score (8), see {@link Bound#sortable}
 *   8    address of the member's record (8)
 * </pre>
 *
 * <p>A leaf grows by one size class of the allocator at a time, about an eighth, so little of it is
 * unused.
 *
 * <p>Threads: stateless; a leaf is confined to the partition lock.
 */
final class ScoreLeaf {
    /** So that the largest leaf fills a cell of 2048 bytes. */
    static final int MOST = 127;

    private static final int HEADER = 8;
    private static final int ELEMENT = 16;

    private ScoreLeaf() {}

    /** A leaf without elements that has room for at least so many. */
    static long create(Allocator allocator, int elements) {
        long cell = Allocator.cellSize(bytesFor(elements));
        int room = (int) Math.min(MOST, (cell - HEADER) / ELEMENT);
        long leaf = allocator.allocate(bytesFor(room));
        Memory.putLong(leaf, 0);
        Memory.putShort(leaf + 2, (short) room);
        return leaf;
    }

    static void free(Allocator allocator, long leaf) {
        allocator.free(leaf, bytesFor(room(leaf)));
    }

    /** Moves it out of sparse memory; gives where it is. */
    static long evacuate(Allocator allocator, long leaf) {
        return allocator.evacuate(leaf, bytesFor(room(leaf)));
    }

    /** The memory it takes. */
    static long bytes(long leaf) {
        return Allocator.cellSize(bytesFor(room(leaf)));
    }

    private static long bytesFor(int room) {
        return HEADER + (long) room * ELEMENT;
    }

    static int size(long leaf) {
        return Memory.getShort(leaf);
    }

    private static void setSize(long leaf, int size) {
        Memory.putShort(leaf, (short) size);
    }

    static int room(long leaf) {
        return Memory.getShort(leaf + 2);
    }

    private static long element(long leaf, int index) {
        return leaf + HEADER + ((long) index << 4);
    }

    static long sortable(long leaf, int index) {
        return Memory.getLong(element(leaf, index));
    }

    static long record(long leaf, int index) {
        return Memory.getLong(element(leaf, index) + 8);
    }

    static void set(long leaf, int index, long sortable, long record) {
        Memory.putLong(element(leaf, index), sortable);
        Memory.putLong(element(leaf, index) + 8, record);
    }

    /** Inserts an element, for which there is room. */
    static void insert(long leaf, int index, long sortable, long record) {
        int size = size(leaf);
        long at = element(leaf, index);
        Memory.copy(at, at + ELEMENT, (long) (size - index) * ELEMENT);
        setSize(leaf, size + 1);
        set(leaf, index, sortable, record);
    }

    static void remove(long leaf, int index, int elements) {
        int size = size(leaf);
        long at = element(leaf, index);
        long behind = element(leaf, index + elements);
        Memory.copy(behind, at, (long) (size - index - elements) * ELEMENT);
        setSize(leaf, size - elements);
    }

    /** Copies elements behind those of another leaf, which has room. */
    static void append(long leaf, int from, int to, long target) {
        int size = size(target);
        Memory.copy(element(leaf, from), element(target, size), (long) (to - from) * ELEMENT);
        setSize(target, size + to - from);
    }

    /** How many elements come before what is sought. */
    static int countBefore(long leaf, SeparatorOrder sought) {
        int low = 0;
        int high = size(leaf);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sought.compareTo(sortable(leaf, middle), record(leaf, middle)) > 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
