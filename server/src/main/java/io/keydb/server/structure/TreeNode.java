package io.keydb.server.structure;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;

/**
 * An inner node of a {@link CountedTree}: an array of entries, one for each child.
 *
 * <pre>
 *   0    entries in use (2)
 *   2    entries there is room for (2)
 *   8    entry (32) x room
 *
 *   entry
 *   0    address of the child: a node, or a leaf at the lowest level (8)
 *   8    elements in the leaves below it (8)
 *   16   separator of the first leaf below it, high (8)
 *   24   the same, low (8)
 * </pre>
 *
 * <p>A node fills a cell of the allocator as far as whole entries do, and moves to a larger one
 * when it is full, up to {@link #MOST}.
 *
 * <p>Threads: stateless; a node is confined to the partition lock.
 */
final class TreeNode {

    /** So that the largest node fills a cell of 1024 bytes. */
    static final int MOST = 31;

    private static final int HEADER = 8;
    private static final int ENTRY = 32;
    private static final int COUNT = 8;
    private static final int HIGH = 16;
    private static final int LOW = 24;

    private TreeNode() {}

    /** A node without entries that has room for at least so many. */
    static long create(Allocator allocator, int entries) {
        int room = roomFor(entries);
        long node = allocator.allocate(bytesFor(room));
        Memory.putLong(node, 0);
        Memory.putShort(node + 2, (short) room);
        return node;
    }

    static void free(Allocator allocator, long node) {
        allocator.free(node, bytesFor(room(node)));
    }

    /** Moves it out of sparse memory; gives where it is. */
    static long evacuate(Allocator allocator, long node) {
        return allocator.evacuate(node, bytesFor(room(node)));
    }

    private static int roomFor(int entries) {
        long cell = Allocator.cellSize(bytesFor(entries));
        return (int) Math.min(MOST, (cell - HEADER) / ENTRY);
    }

    private static long bytesFor(int room) {
        return HEADER + (long) room * ENTRY;
    }

    /** The memory it takes. */
    static long bytes(long node) {
        return Allocator.cellSize(bytesFor(room(node)));
    }

    static int size(long node) {
        return Memory.getShort(node);
    }

    private static void setSize(long node, int size) {
        Memory.putShort(node, (short) size);
    }

    static int room(long node) {
        return Memory.getShort(node + 2);
    }

    private static long entry(long node, int index) {
        return node + HEADER + ((long) index << 5);
    }

    static long child(long node, int index) {
        return Memory.getLong(entry(node, index));
    }

    static void setChild(long node, int index, long child) {
        Memory.putLong(entry(node, index), child);
    }

    static long count(long node, int index) {
        return Memory.getLong(entry(node, index) + COUNT);
    }

    static void setCount(long node, int index, long count) {
        Memory.putLong(entry(node, index) + COUNT, count);
    }

    static void addCount(long node, int index, long delta) {
        long address = entry(node, index) + COUNT;
        Memory.putLong(address, Memory.getLong(address) + delta);
    }

    static long high(long node, int index) {
        return Memory.getLong(entry(node, index) + HIGH);
    }

    static long low(long node, int index) {
        return Memory.getLong(entry(node, index) + LOW);
    }

    static void setSeparator(long node, int index, long high, long low) {
        Memory.putLong(entry(node, index) + HIGH, high);
        Memory.putLong(entry(node, index) + LOW, low);
    }

    /** The elements below the first {@code end} entries. */
    static long countBefore(long node, int end) {
        long sum = 0;
        for (int i = 0; i < end; i++) {
            sum += count(node, i);
        }
        return sum;
    }

    /** Makes place for an entry, for which there is room; its content is arbitrary. */
    static void open(long node, int index) {
        int size = size(node);
        long at = entry(node, index);
        Memory.copy(at, at + ENTRY, (long) (size - index) * ENTRY);
        setSize(node, size + 1);
    }

    static void remove(long node, int index) {
        int size = size(node);
        long at = entry(node, index);
        Memory.copy(at + ENTRY, at, (long) (size - index - 1) * ENTRY);
        setSize(node, size - 1);
    }

    /** Puts the entries of one node from an index on behind those of another, which has room. */
    static void moveTail(long node, int from, long target) {
        int moved = size(node) - from;
        Memory.copy(entry(node, from), entry(target, size(target)), (long) moved * ENTRY);
        setSize(target, size(target) + moved);
        setSize(node, from);
    }

    /** The last entry whose separator is not after what is sought; the first if all are. */
    static int search(long node, SeparatorOrder sought) {
        int low = 0;
        int high = size(node) - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (sought.compareTo(high(node, middle), low(node, middle)) >= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
