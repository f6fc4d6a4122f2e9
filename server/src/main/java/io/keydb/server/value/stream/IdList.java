package io.keydb.server.value.stream;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.CountedTree;
import io.keydb.server.structure.TreePath;

/**
 * Items in the order of their ids: the pending entries of a group, the ids of those of a consumer.
 * Items of one list have one width and begin with their id. Static, on a root outside the Java
 * heap.
 *
 * <pre>
 *   root
 *   0    a {@link CountedTree}, whose leaves are blocks and whose elements are items
 *   48   memory of the blocks (8)
 *
 *   block
 *   0    room for how many items (4), nothing (4)
 *   8    items
 * </pre>
 *
 * <p>Threads: stateless; a list is confined to the partition lock.
 */
final class IdList {
    static final int ROOT_BYTES = CountedTree.ROOT_BYTES + 8;

    private static final int BLOCK_BYTES = CountedTree.ROOT_BYTES;
    private static final int HEADER_BYTES = 8;
    private static final int MOST = 64;

    private IdList() {}

    static void initialise(long root) {
        CountedTree.initialise(root);
        Memory.putLong(root + BLOCK_BYTES, 0);
    }

    static long count(long root) {
        return CountedTree.count(root);
    }

    /** Memory of all items, as allocated. */
    static long bytes(long root) {
        return Memory.getLong(root + BLOCK_BYTES) + CountedTree.bytes(root);
    }

    /**
     * Puts the place at the first item that is not before this id; gives the item, or 0 when there
     * is none.
     */
    static long seek(long root, int width, long millis, long sequence, Place place) {
        long block = CountedTree.find(root, millis, sequence, place.path);
        place.index = 0;
        if (block == 0) {
            return 0;
        }
        int count = (int) CountedTree.leafCount(place.path);
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long item = block + HEADER_BYTES + (long) middle * width;
            if (StreamId.compare(millis(item), sequence(item), millis, sequence) < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        place.index = low;
        return low < count ? item(place, width) : nextBlock(place, width);
    }

    /** The item with this id, or 0. */
    static long find(long root, int width, long millis, long sequence, Place place) {
        long item = seek(root, width, millis, sequence, place);
        return item != 0 && millis(item) == millis && sequence(item) == sequence ? item : 0;
    }

    /** Puts the place at the last item and gives it, or 0 when there is none. */
    static long last(long root, int width, Place place) {
        if (CountedTree.last(root, place.path) == 0) {
            return 0;
        }
        place.index = (int) CountedTree.leafCount(place.path) - 1;
        return item(place, width);
    }

    /** Goes to the next item; gives it, or 0 at the end. */
    static long next(int width, Place place) {
        if (place.path.leaf() == 0) {
            return 0;
        }
        place.index++;
        return place.index < CountedTree.leafCount(place.path)
                ? item(place, width)
                : nextBlock(place, width);
    }

    private static long nextBlock(Place place, int width) {
        place.index = 0;
        return CountedTree.next(place.path) == 0 ? 0 : item(place, width);
    }

    private static long item(Place place, int width) {
        return place.path.leaf() + HEADER_BYTES + (long) place.index * width;
    }

    static long millis(long item) {
        return Memory.getLong(item);
    }

    static long sequence(long item) {
        return Memory.getLong(item + 8);
    }

    /** Adds an item with an id that is not there yet; gives it. All behind its id is arbitrary. */
    static long insert(
            Allocator allocator, long root, int width, long millis, long sequence, Place place) {
        TreePath path = place.path;
        long last = last(root, width, place);
        if (last == 0) {
            CountedTree.insertOnly(root, path, newBlock(allocator, root, width, 2), 1);
            place.index = 0;
        } else if (StreamId.compare(millis(last), sequence(last), millis, sequence) < 0) {
            place.index++;
            if (place.index == MOST) {
                CountedTree.insertAfter(allocator, path, newBlock(allocator, root, width, 4), 1);
                place.index = 0;
            } else {
                open(allocator, root, width, place);
            }
        } else {
            seekWithin(root, width, millis, sequence, place);
            if (CountedTree.leafCount(path) == MOST) {
                split(allocator, root, width, place);
            }
            open(allocator, root, width, place);
        }
        long item = item(place, width);
        Memory.putLong(item, millis);
        Memory.putLong(item + 8, sequence);
        if (place.index == 0) {
            CountedTree.setSeparator(path, millis, sequence);
        }
        return item;
    }

    /** Puts the place where a new item belongs within the block that the tree names. */
    private static void seekWithin(long root, int width, long millis, long sequence, Place place) {
        long block = CountedTree.find(root, millis, sequence, place.path);
        int count = (int) CountedTree.leafCount(place.path);
        place.index = 0;
        while (place.index < count) {
            long item = block + HEADER_BYTES + (long) place.index * width;
            if (StreamId.compare(millis(item), sequence(item), millis, sequence) > 0) {
                return;
            }
            place.index++;
        }
    }

    /** Makes room for an item at the place, in a block that is not full. */
    private static void open(Allocator allocator, long root, int width, Place place) {
        long block = place.path.leaf();
        int count = (int) CountedTree.leafCount(place.path);
        if (count == Memory.getInt(block)) {
            block = resize(allocator, root, width, place, Math.min(MOST, count + count / 2 + 1));
        }
        long at = block + HEADER_BYTES + (long) place.index * width;
        Memory.copy(at, at + width, (long) (count - place.index) * width);
        CountedTree.addToCount(place.path, 1);
    }

    /** Moves the second half of a full block to a new one; the place goes along. */
    private static void split(Allocator allocator, long root, int width, Place place) {
        int half = MOST / 2;
        long block = place.path.leaf();
        long upper = newBlock(allocator, root, width, MOST);
        long from = block + HEADER_BYTES + (long) half * width;
        Memory.copy(from, upper + HEADER_BYTES, (long) half * width);
        CountedTree.addToCount(place.path, -half);
        CountedTree.insertAfter(allocator, place.path, upper, half);
        CountedTree.setSeparator(place.path, millis(from), sequence(from));
        if (place.index <= half) {
            CountedTree.previous(place.path);
        } else {
            place.index -= half;
        }
    }

    /** Takes the item at the place out. The place is at the item behind it, or invalid. */
    static void remove(Allocator allocator, long root, int width, Place place) {
        TreePath path = place.path;
        long block = path.leaf();
        int count = (int) CountedTree.leafCount(path);
        if (count == 1) {
            freeBlock(allocator, root, width, block);
            CountedTree.remove(allocator, path);
            return;
        }
        long at = item(place, width);
        Memory.copy(at + width, at, (long) (count - place.index - 1) * width);
        CountedTree.addToCount(path, -1);
        if (place.index == 0) {
            CountedTree.setSeparator(path, millis(at), sequence(at));
        }
        if (count - 1 <= Memory.getInt(block) / 4) {
            resize(allocator, root, width, place, (count - 1) * 2);
        }
    }

    private static long resize(Allocator allocator, long root, int width, Place place, int room) {
        long old = place.path.leaf();
        long block = newBlock(allocator, root, width, room);
        long bytes = CountedTree.leafCount(place.path) * width;
        Memory.copy(old + HEADER_BYTES, block + HEADER_BYTES, bytes);
        freeBlock(allocator, root, width, old);
        CountedTree.replaceLeaf(place.path, block);
        return block;
    }

    private static long newBlock(Allocator allocator, long root, int width, int room) {
        long size = HEADER_BYTES + (long) room * width;
        long block = allocator.allocate(size);
        Memory.putInt(block, room);
        addBytes(root, Allocator.cellSize(size));
        return block;
    }

    private static void freeBlock(Allocator allocator, long root, int width, long block) {
        long size = HEADER_BYTES + (long) Memory.getInt(block) * width;
        allocator.free(block, size);
        addBytes(root, -Allocator.cellSize(size));
    }

    private static void addBytes(long root, long delta) {
        Memory.putLong(root + BLOCK_BYTES, Memory.getLong(root + BLOCK_BYTES) + delta);
    }

    /**
     * Frees all items, or about as many as the budget allows; gives what is left of it, more than
     * zero when all are freed.
     */
    static long free(Allocator allocator, long root, int width, long budget) {
        return budget <= 0
                ? budget
                : CountedTree.drain(
                        allocator,
                        root,
                        budget,
                        (block, count) -> freeBlock(allocator, root, width, block));
    }

    /** Checks that ids ascend and separators are those of the first items. */
    static void checkInvariants(long root, int width) {
        CountedTree.checkInvariants(root);
        Place place = new Place();
        long millis = 0;
        long sequence = -1;
        long items = 0;
        for (long item = seek(root, width, 0, 0, place); item != 0; item = next(width, place)) {
            if (items++ > 0
                    && StreamId.compare(millis, sequence, millis(item), sequence(item)) >= 0) {
                throw new IllegalStateException("ids do not ascend");
            }
            millis = millis(item);
            sequence = sequence(item);
        }
        if (items != count(root)) {
            throw new IllegalStateException(items + " items, not " + count(root));
        }
    }

    /**
     * A place in a list, to be used again and again.
     *
     * <p>Threads: confined to its owner.
     */
    static final class Place {
        private final TreePath path = new TreePath();
        private int index;
    }
}
