package io.keydb.server.value.stream;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;

/**
 * Things with names, in the order of their names: the groups of a stream, the consumers of a group.
 * Static, on a slot of 8 bytes that holds the address of the index, or 0.
 *
 * <pre>
 *   0    how many (4)
 *   4    room for how many (4)
 *   8    their addresses (8 each); each begins with the length of its name (4)
 * </pre>
 *
 * <p>Threads: stateless; an index is confined to the partition lock.
 */
final class NameIndex {
    private static final int HEADER_BYTES = 8;
    private static final int SMALLEST = 1;

    private NameIndex() {}

    static int count(long slot) {
        long index = Memory.getLong(slot);
        return index == 0 ? 0 : Memory.getInt(index);
    }

    static long at(long slot, int i) {
        return Memory.getLong(Memory.getLong(slot) + HEADER_BYTES + 8L * i);
    }

    /**
     * The thing with that name, or 0.
     *
     * @param nameOffset where in each thing its name stands
     */
    static long find(long slot, int nameOffset, long name, int length) {
        int i = search(slot, nameOffset, name, length);
        return i < 0 ? 0 : at(slot, i);
    }

    /** Adds a thing whose name is not there yet. */
    static void insert(Allocator allocator, long slot, int nameOffset, long thing) {
        int i = ~search(slot, nameOffset, thing + nameOffset, Memory.getInt(thing));
        int count = count(slot);
        int room = count == 0 ? 0 : Memory.getInt(Memory.getLong(slot) + 4);
        if (count == room) {
            resize(allocator, slot, Math.max(SMALLEST, room + room / 2 + 1));
        }
        long index = Memory.getLong(slot);
        long at = index + HEADER_BYTES + 8L * i;
        Memory.copy(at, at + 8, 8L * (count - i));
        Memory.putLong(at, thing);
        Memory.putInt(index, count + 1);
    }

    /** Takes a thing out; its memory is the caller's. */
    static void remove(Allocator allocator, long slot, int nameOffset, long thing) {
        int i = search(slot, nameOffset, thing + nameOffset, Memory.getInt(thing));
        long index = Memory.getLong(slot);
        int count = Memory.getInt(index) - 1;
        long at = index + HEADER_BYTES + 8L * i;
        Memory.copy(at + 8, at, 8L * (count - i));
        Memory.putInt(index, count);
        if (count == 0) {
            free(allocator, slot);
        } else if (count < Memory.getInt(index + 4) / 4) {
            resize(allocator, slot, count * 2);
        }
    }

    /** Frees the index; the things are the caller's. */
    static void free(Allocator allocator, long slot) {
        long index = Memory.getLong(slot);
        if (index != 0) {
            allocator.free(index, size(Memory.getInt(index + 4)));
            Memory.putLong(slot, 0);
        }
    }

    /** Takes the last thing out and gives it; the index stays until it is freed. */
    static long takeLast(long slot) {
        long index = Memory.getLong(slot);
        int count = Memory.getInt(index) - 1;
        Memory.putInt(index, count);
        return at(slot, count);
    }

    /** Bytes of the index itself, as allocated. */
    static long bytes(long slot) {
        long index = Memory.getLong(slot);
        return index == 0 ? 0 : Allocator.cellSize(size(Memory.getInt(index + 4)));
    }

    private static long size(int room) {
        return HEADER_BYTES + 8L * room;
    }

    private static void resize(Allocator allocator, long slot, int room) {
        long old = Memory.getLong(slot);
        int count = count(slot);
        long index = allocator.allocate(size(room));
        Memory.putInt(index, count);
        Memory.putInt(index + 4, room);
        if (old != 0) {
            Memory.copy(old + HEADER_BYTES, index + HEADER_BYTES, 8L * count);
            allocator.free(old, size(Memory.getInt(old + 4)));
        }
        Memory.putLong(slot, index);
    }

    /** Where the name is, or the complement of where it belongs. */
    private static int search(long slot, int nameOffset, long name, int length) {
        int low = 0;
        int high = count(slot) - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long thing = at(slot, middle);
            int order = Memory.compare(thing + nameOffset, Memory.getInt(thing), name, length);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return ~low;
    }
}
