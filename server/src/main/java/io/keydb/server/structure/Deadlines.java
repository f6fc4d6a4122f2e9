package io.keydb.server.structure;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;

/**
 * Records in the order of a time that each was put in with: what comes due next is first. A pair of
 * time and record is unique; the records are not looked at.
 *
 * <pre>
 *   root
 *   0    pairs in all blocks (8)
 *   8    address of the block addresses (8), 0 while there is no pair
 *   16   blocks (4)
 *   20   room for so many block addresses (4)
 *
 *   block
 *   0    pairs (4)
 *   4    room for so many pairs (4)
 *   8    | time (8) | record (8) | x pairs, ascending
 * </pre>
 *
 * <p>A full block splits in two halves, an empty one goes. A search looks at the first pairs of the
 * blocks, then within one: so it takes a logarithmic number of steps, and a change moves the rest
 * of one block, and with every 128th of the addresses of blocks.
 *
 * <p>Threads: stateless; confined to the partition lock.
 */
public final class Deadlines {
    /** The bytes of a root. */
    public static final int ROOT_BYTES = 24;

    /** What {@link #earliest} gives when there is nothing. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int BLOCKS = 8;
    private static final int COUNT = 16;
    private static final int CAPACITY = 20;
    private static final int HEADER = 8;
    private static final int PAIR = 16;
    private static final int LEAST_PAIRS = 3;

    /** Fills a size class of the allocator. */
    private static final int MOST_PAIRS = 255;

    private Deadlines() {}

    /** Makes a root empty. */
    public static void initialise(long root) {
        Memory.fill(root, ROOT_BYTES, (byte) 0);
    }

    /** Number of pairs. */
    public static long size(long root) {
        return Memory.getLong(root);
    }

    /** The earliest time, {@link #NEVER} when there is no pair. */
    public static long earliest(long root) {
        return size(root) == 0 ? NEVER : time(block(root, 0), 0);
    }

    /** The record with the earliest time, 0 when there is no pair. */
    public static long first(long root) {
        return size(root) == 0 ? 0 : record(block(root, 0), 0);
    }

    /** Adds a pair that is not there yet. */
    public static void add(Allocator allocator, long root, long time, long record) {
        if (size(root) == 0) {
            addBlock(allocator, root, 0, newBlock(allocator, LEAST_PAIRS));
        }
        int index = blockFor(root, time, record);
        long block = block(root, index);
        if (pairs(block) == room(block)) {
            block = enlarge(allocator, root, index, time, record);
        }
        int at = position(block, time, record);
        long pair = pair(block, at);
        Memory.copy(pair, pair + PAIR, (long) (pairs(block) - at) * PAIR);
        Memory.putLong(pair, time);
        Memory.putLong(pair + 8, record);
        Memory.putInt(block, pairs(block) + 1);
        Memory.putLong(root, size(root) + 1);
    }

    /** Takes a pair out, which must be there. */
    public static void remove(Allocator allocator, long root, long time, long record) {
        int index = size(root) == 0 ? 0 : blockFor(root, time, record);
        long block = size(root) == 0 ? 0 : block(root, index);
        int at = block == 0 ? 0 : position(block, time, record);
        if (block == 0
                || at == pairs(block)
                || time(block, at) != time
                || record(block, at) != record) {
            throw new IllegalStateException("there is no such pair");
        }
        int left = pairs(block) - 1;
        Memory.copy(pair(block, at + 1), pair(block, at), (long) (left - at) * PAIR);
        Memory.putInt(block, left);
        Memory.putLong(root, size(root) - 1);
        if (left == 0) {
            removeBlock(allocator, root, index);
        }
    }

    /** Takes everything out and gives all memory back but the root's. */
    public static void clear(Allocator allocator, long root) {
        if (size(root) > 0) {
            int count = Memory.getInt(root + COUNT);
            for (int i = 0; i < count; i++) {
                freeBlock(allocator, block(root, i));
            }
            freeAddresses(allocator, root);
            initialise(root);
        }
    }

    /** Moves everything but the root out of sparse memory, see {@link Allocator#evacuate}. */
    public static void evacuate(Allocator allocator, long root) {
        if (size(root) == 0) {
            return;
        }
        long bytes = Memory.getInt(root + CAPACITY) * 8L;
        Memory.putLong(root + BLOCKS, allocator.evacuate(Memory.getLong(root + BLOCKS), bytes));
        int count = Memory.getInt(root + COUNT);
        for (int i = 0; i < count; i++) {
            long block = block(root, i);
            setBlock(root, i, allocator.evacuate(block, blockBytes(room(block))));
        }
    }

    /** Bytes as allocated, without the root. */
    public static long bytes(long root) {
        if (size(root) == 0) {
            return 0;
        }
        long sum = Allocator.cellSize(Memory.getInt(root + CAPACITY) * 8L);
        int count = Memory.getInt(root + COUNT);
        for (int i = 0; i < count; i++) {
            sum += Allocator.cellSize(blockBytes(room(block(root, i))));
        }
        return sum;
    }

    /** The last block that begins at or before the pair; the first when none does. */
    private static int blockFor(long root, long time, long record) {
        int low = 0;
        int high = Memory.getInt(root + COUNT) - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (isBefore(time, record, block(root, middle), 0)) {
                high = middle - 1;
            } else {
                low = middle;
            }
        }
        return low;
    }

    /** The first position whose pair is not before this one. */
    private static int position(long block, long time, long record) {
        int low = 0;
        int high = pairs(block);
        while (low < high) {
            int middle = (low + high) >>> 1;
            boolean later =
                    isBefore(time, record, block, middle)
                            || (time(block, middle) == time && record(block, middle) == record);
            if (later) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static boolean isBefore(long time, long record, long block, int index) {
        long other = time(block, index);
        return time != other ? time < other : record < record(block, index);
    }

    /** Makes room in a full block; gives the block that the pair belongs to now. */
    private static long enlarge(Allocator allocator, long root, int index, long time, long record) {
        long block = block(root, index);
        int pairs = pairs(block);
        if (pairs < MOST_PAIRS) {
            long larger = newBlock(allocator, Math.min(MOST_PAIRS, pairs * 2 + 1));
            Memory.copy(pair(block, 0), pair(larger, 0), (long) pairs * PAIR);
            Memory.putInt(larger, pairs);
            setBlock(root, index, larger);
            freeBlock(allocator, block);
            return larger;
        }
        // What comes last is most often followed by later ones: it leaves a full block behind.
        boolean atEnd = index == Memory.getInt(root + COUNT) - 1 && isAtEnd(block, time, record);
        int kept = atEnd ? pairs - 1 : pairs / 2;
        long second = newBlock(allocator, MOST_PAIRS);
        Memory.copy(pair(block, kept), pair(second, 0), (long) (pairs - kept) * PAIR);
        Memory.putInt(second, pairs - kept);
        Memory.putInt(block, kept);
        addBlock(allocator, root, index + 1, second);
        return isBefore(time, record, second, 0) ? block : second;
    }

    private static boolean isAtEnd(long block, long time, long record) {
        return !isBefore(time, record, block, pairs(block) - 1);
    }

    private static void addBlock(Allocator allocator, long root, int index, long block) {
        int count = Memory.getInt(root + COUNT);
        int capacity = Memory.getInt(root + CAPACITY);
        if (count == capacity) {
            int larger = capacity == 0 ? 1 : capacity * 2;
            long addresses = allocator.allocate(larger * 8L);
            if (capacity > 0) {
                Memory.copy(Memory.getLong(root + BLOCKS), addresses, count * 8L);
                freeAddresses(allocator, root);
            }
            Memory.putLong(root + BLOCKS, addresses);
            Memory.putInt(root + CAPACITY, larger);
        }
        long at = Memory.getLong(root + BLOCKS) + index * 8L;
        Memory.copy(at, at + 8, (count - index) * 8L);
        Memory.putLong(at, block);
        Memory.putInt(root + COUNT, count + 1);
    }

    private static void removeBlock(Allocator allocator, long root, int index) {
        freeBlock(allocator, block(root, index));
        int count = Memory.getInt(root + COUNT) - 1;
        if (count == 0) {
            freeAddresses(allocator, root);
            initialise(root);
            return;
        }
        long at = Memory.getLong(root + BLOCKS) + index * 8L;
        Memory.copy(at + 8, at, (count - index) * 8L);
        Memory.putInt(root + COUNT, count);
    }

    private static void freeAddresses(Allocator allocator, long root) {
        allocator.free(Memory.getLong(root + BLOCKS), Memory.getInt(root + CAPACITY) * 8L);
    }

    private static long newBlock(Allocator allocator, int room) {
        long block = allocator.allocate(blockBytes(room));
        Memory.putInt(block, 0);
        Memory.putInt(block + 4, room);
        return block;
    }

    private static void freeBlock(Allocator allocator, long block) {
        allocator.free(block, blockBytes(room(block)));
    }

    private static long blockBytes(int room) {
        return HEADER + (long) room * PAIR;
    }

    private static long block(long root, int index) {
        return Memory.getLong(Memory.getLong(root + BLOCKS) + index * 8L);
    }

    private static void setBlock(long root, int index, long block) {
        Memory.putLong(Memory.getLong(root + BLOCKS) + index * 8L, block);
    }

    private static int pairs(long block) {
        return Memory.getInt(block);
    }

    private static int room(long block) {
        return Memory.getInt(block + 4);
    }

    private static long pair(long block, int index) {
        return block + HEADER + (long) index * PAIR;
    }

    private static long time(long block, int index) {
        return Memory.getLong(pair(block, index));
    }

    private static long record(long block, int index) {
        return Memory.getLong(pair(block, index) + 8);
    }

    /** Checks everything that must hold between calls. */
    public static void checkInvariants(long root) {
        long found = 0;
        int count = Memory.getInt(root + COUNT);
        long lastTime = Long.MIN_VALUE;
        long lastRecord = 0;
        for (int i = 0; i < count; i++) {
            long block = block(root, i);
            check(pairs(block) > 0 && pairs(block) <= room(block), "no block is empty or too full");
            for (int j = 0; j < pairs(block); j++) {
                boolean ascends =
                        lastTime < time(block, j)
                                || (lastTime == time(block, j) && lastRecord < record(block, j));
                check(ascends, "the pairs ascend");
                lastTime = time(block, j);
                lastRecord = record(block, j);
                found++;
            }
        }
        check(found == size(root), "the size is the sum of the blocks' pairs");
    }

    private static void check(boolean holds, String invariant) {
        if (!holds) {
            throw new IllegalStateException("violated: " + invariant);
        }
    }
}
