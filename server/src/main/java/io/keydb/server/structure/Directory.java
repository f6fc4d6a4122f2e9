package io.keydb.server.structure;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;

/**
 * The directory of a {@link RecordTable}, and the life of its segments: names a {@link Segment} for
 * every hash, makes them larger and smaller, and splits them. The root of a table is its root.
 *
 * <pre>
 *   root
 *   0    records in the table (8)              kept by {@link RecordTable}
 *   8    where the entries are (8); with depth 0, the one entry itself; 0 while the table is empty
 *   16   bytes of all segments (56 bits), depth (8 bits)
 *
 *   entries (8) x 2^depth, indexed by the top bits of the hash:
 *
 *   | slots of the segment (16) | its address (48) |
 * </pre>
 *
 * <p>A segment of depth d fills 2^(depth - d) neighbouring entries. The number of slots stands here
 * too, so that a search need not touch the header of the segment.
 *
 * <p>Threads: stateless; a table is confined to the partition lock.
 */
final class Directory {

    /**
     * Prefixes longer than this make no sense: a cursor has no room for them, and no memory is that
     * large.
     */
    static final int MOST_DEPTH = 30;

    static final int ROOT_BYTES = 24;

    private static final int ENTRIES = 8;
    private static final int SEGMENT_BYTES = 16;
    private static final int DEPTH = 23;
    private static final long MOST_SEGMENT_BYTES = (1L << 56) - 1;

    private Directory() {}

    static boolean isEmpty(long root) {
        return Memory.getLong(root + ENTRIES) == 0;
    }

    static int depth(long root) {
        return Memory.getByte(root + DEPTH);
    }

    /** The number of entries. */
    static int entries(long root) {
        return 1 << depth(root);
    }

    /** The bytes of directory and segments, without the root. */
    static long bytes(long root) {
        int depth = depth(root);
        return segmentBytes(root) + (depth == 0 ? 0 : Allocator.cellSize(entriesBytes(depth)));
    }

    /**
     * What stands in the entry for a hash: the number of slots above {@link Segment#ADDRESS_BITS},
     * the address below; 0 when the directory is empty.
     */
    static long named(long root, long hash) {
        long entries = Memory.getLong(root + ENTRIES);
        int depth = depth(root);
        return depth == 0 ? entries : Memory.getLong(entries + ((long) entry(depth, hash) << 3));
    }

    private static long namedAt(long root, int entry) {
        long entries = Memory.getLong(root + ENTRIES);
        return depth(root) == 0 ? entries : Memory.getLong(entries + ((long) entry << 3));
    }

    private static int entry(int depth, long hash) {
        return (int) ((hash >>> 1) >>> (63 - depth));
    }

    static long segment(long root, int entry) {
        return namedAt(root, entry) & Segment.ADDRESS;
    }

    static long segmentFor(long root, long hash) {
        return named(root, hash) & Segment.ADDRESS;
    }

    /** The first entry that names another segment than this one. */
    static int nextEntry(long root, int entry) {
        int shift = depth(root) - Segment.depth(segment(root, entry));
        return ((entry >>> shift) + 1) << shift;
    }

    /** Makes the first segment, for all hashes. */
    static void create(Allocator allocator, long root) {
        name(root, 0, createSegment(allocator, root, Segment.SMALLEST_BYTES, 0));
    }

    /** Frees all segments and the entries. */
    static void release(Allocator allocator, long root) {
        for (int entry = 0; entry < entries(root); ) {
            int next = nextEntry(root, entry);
            freeSegment(allocator, root, segment(root, entry));
            entry = next;
        }
        releaseEntries(allocator, root);
    }

    private static void releaseEntries(Allocator allocator, long root) {
        int depth = depth(root);
        if (depth > 0) {
            allocator.free(Memory.getLong(root + ENTRIES), entriesBytes(depth));
        }
        Memory.putLong(root + ENTRIES, 0);
        Memory.putLong(root + SEGMENT_BYTES, 0);
    }

    /**
     * Shows the records of the last segment and frees it; frees the entries with the last one.
     * Nothing but this may be done with the directory afterwards. Gives how many records it showed.
     */
    static int drainLast(Allocator allocator, long root, RecordConsumer consumer) {
        int depth = depth(root);
        int last = lastUndrained(root, depth);
        long segment = segment(root, last);
        int count = Segment.count(segment);
        Segment.show(segment, consumer);
        int shift = depth - Segment.depth(segment);
        int first = (last >>> shift) << shift;
        freeSegment(allocator, root, segment);
        if (first == 0) {
            releaseEntries(allocator, root);
        } else {
            Memory.fill(
                    Memory.getLong(root + ENTRIES) + ((long) first << 3),
                    (long) (last + 1 - first) << 3,
                    (byte) 0);
        }
        return count;
    }

    /** Drained entries are 0, and all that come after them. */
    private static int lastUndrained(long root, int depth) {
        int low = 0;
        int high = (1 << depth) - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (namedAt(root, middle) == 0) {
                high = middle - 1;
            } else {
                low = middle;
            }
        }
        return low;
    }

    /**
     * Makes room in a full segment, by another size or by a split. Returns the segment that the
     * hash belongs to now.
     */
    static long enlarge(Allocator allocator, long root, long hash, long segment) {
        int bytes = Segment.bytes(segment);
        if (bytes < Segment.MOST_BYTES || Segment.depth(segment) == MOST_DEPTH) {
            return resize(allocator, root, hash, segment, Segment.bytesAfter(bytes));
        }
        split(allocator, root, hash, segment);
        return segmentFor(root, hash);
    }

    /** Gives a segment the size that fits its count. */
    static void shrink(Allocator allocator, long root, long hash, long segment) {
        resize(allocator, root, hash, segment, Segment.bytesFor(Segment.count(segment)));
    }

    private static long resize(Allocator allocator, long root, long hash, long segment, int bytes) {
        long resized = createSegment(allocator, root, bytes, Segment.depth(segment));
        Segment.copyInto(segment, resized);
        name(root, hash, resized);
        freeSegment(allocator, root, segment);
        return resized;
    }

    private static void split(Allocator allocator, long root, long hash, long segment) {
        int bits = Segment.depth(segment);
        if (bits == depth(root)) {
            doubleEntries(allocator, root);
        }
        int ones = 0;
        int slots = Segment.slots(segment);
        // The sizes of the two sides have to be known first; the mark spares hashing every key
        // twice.
        for (int slot = 0; slot < slots; slot++) {
            long record = Segment.recordAt(segment, slot);
            if (record != 0 && (RecordTable.hashOf(record) << bits) < 0) {
                Segment.markAt(segment, slot);
                ones++;
            }
        }
        int zeroBytes = Segment.bytesFor(Segment.count(segment) - ones);
        long zeroSide = createSegment(allocator, root, zeroBytes, bits + 1);
        long oneSide = createSegment(allocator, root, Segment.bytesFor(ones), bits + 1);
        Segment.divideInto(segment, zeroSide, oneSide);
        long bit = 1L << (63 - bits);
        name(root, hash & ~bit, zeroSide);
        name(root, hash | bit, oneSide);
        freeSegment(allocator, root, segment);
    }

    private static void doubleEntries(Allocator allocator, long root) {
        int depth = depth(root);
        long doubled = allocator.allocate(entriesBytes(depth + 1));
        for (int entry = 0; entry < 1 << depth; entry++) {
            long named = namedAt(root, entry);
            Memory.putLong(doubled + ((long) entry << 4), named);
            Memory.putLong(doubled + ((long) entry << 4) + 8, named);
        }
        if (depth > 0) {
            allocator.free(Memory.getLong(root + ENTRIES), entriesBytes(depth));
        }
        Memory.putLong(root + ENTRIES, doubled);
        Memory.putByte(root + DEPTH, (byte) (depth + 1));
    }

    /** Lets all entries of the segment's range name it. */
    private static void name(long root, long hash, long segment) {
        long named = (long) Segment.slots(segment) << Segment.ADDRESS_BITS | segment;
        int depth = depth(root);
        if (depth == 0) {
            Memory.putLong(root + ENTRIES, named);
            return;
        }
        long entries = Memory.getLong(root + ENTRIES);
        int shift = depth - Segment.depth(segment);
        int first = (entry(depth, hash) >>> shift) << shift;
        for (int entry = first; entry < first + (1 << shift); entry++) {
            Memory.putLong(entries + ((long) entry << 3), named);
        }
    }

    /** Moves the segment for a hash out of sparse memory; gives where it is. */
    static long evacuateSegment(Allocator allocator, long root, long hash) {
        long segment = segmentFor(root, hash);
        long moved = allocator.evacuate(segment, Segment.bytes(segment));
        if (moved != segment) {
            name(root, hash, moved);
        }
        return moved;
    }

    /** Moves the entries out of sparse memory. */
    static void evacuateEntries(Allocator allocator, long root) {
        int depth = depth(root);
        if (depth > 0) {
            long entries = Memory.getLong(root + ENTRIES);
            Memory.putLong(root + ENTRIES, allocator.evacuate(entries, entriesBytes(depth)));
        }
    }

    private static long createSegment(Allocator allocator, long root, int bytes, int depth) {
        long segment = allocator.allocate(bytes);
        Segment.initialise(segment, bytes, depth);
        addSegmentBytes(root, bytes);
        return segment;
    }

    private static void freeSegment(Allocator allocator, long root, long segment) {
        int bytes = Segment.bytes(segment);
        addSegmentBytes(root, -bytes);
        allocator.free(segment, bytes);
    }

    private static long segmentBytes(long root) {
        return Memory.getLong(root + SEGMENT_BYTES) & MOST_SEGMENT_BYTES;
    }

    /** The sum never leaves its bits, so the depth above it stays as it is. */
    private static void addSegmentBytes(long root, int bytes) {
        Memory.putLong(root + SEGMENT_BYTES, Memory.getLong(root + SEGMENT_BYTES) + bytes);
    }

    private static long entriesBytes(int depth) {
        return (long) Long.BYTES << depth;
    }

    /** Checks everything that must hold between calls, and returns the number of records. */
    static long checkInvariants(long root) {
        int depth = depth(root);
        if (isEmpty(root)) {
            check(segmentBytes(root) == 0 && depth == 0, "an empty directory has nothing");
            return 0;
        }
        long records = 0;
        long bytes = 0;
        for (int entry = 0; entry < entries(root); entry = nextEntry(root, entry)) {
            long segment = segment(root, entry);
            int bits = Segment.depth(segment);
            check(bits <= depth, "no segment is deeper than the directory");
            for (int other = entry; other < nextEntry(root, entry); other++) {
                check(
                        namedAt(root, other) == namedAt(root, entry),
                        "the entries of a segment are neighbours");
            }
            check(
                    namedAt(root, entry) >>> Segment.ADDRESS_BITS == Segment.slots(segment),
                    "the directory knows the number of slots");
            Segment.checkInvariants(segment, (long) entry >>> (depth - bits), bits);
            records += Segment.count(segment);
            bytes += Segment.bytes(segment);
        }
        check(bytes == segmentBytes(root), "the bytes are the sum of the segments' bytes");
        return records;
    }

    private static void check(boolean holds, String invariant) {
        if (!holds) {
            throw new IllegalStateException("violated: " + invariant);
        }
    }
}
