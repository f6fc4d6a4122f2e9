package io.keydb.server.structure;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;

/**
 * The directory of a {@link RecordTable}, and the life of its segments: names a {@link Segment} for
 * every hash, makes them larger and smaller, and splits them.
 *
 * <pre>
 *   entry (8) x 2^depth, indexed by the top bits of the hash:
 *
 *   | slots of the segment (16) | its address (48) |
 * </pre>
 *
 * <p>A segment of depth d fills 2^(depth - d) neighbouring entries. The number of slots stands here
 * too, so that a search need not touch the header of the segment.
 *
 * <p>Threads: confined to the partition lock.
 */
final class Directory {

    /**
     * Prefixes longer than this make no sense: a cursor has no room for them, and no memory is that
     * large.
     */
    static final int MOST_DEPTH = 30;

    private final Allocator allocator;
    private long address;
    private int depth;
    private long segmentBytes;

    /** A directory without entries; it takes no memory. */
    Directory(Allocator allocator) {
        this.allocator = allocator;
    }

    boolean isEmpty() {
        return address == 0;
    }

    int depth() {
        return depth;
    }

    /** The number of entries. */
    int entries() {
        return 1 << depth;
    }

    /** The bytes of directory and segments. */
    long bytes() {
        return address == 0 ? 0 : segmentBytes + Allocator.cellSize(entriesBytes());
    }

    /** The entry for a hash. */
    int entry(long hash) {
        return (int) ((hash >>> 1) >>> (63 - depth));
    }

    /**
     * What stands in the entry for a hash: the number of slots above {@link Segment#ADDRESS_BITS},
     * the address below.
     */
    long named(long hash) {
        return named(entry(hash));
    }

    private long named(int entry) {
        return Memory.getLong(address + ((long) entry << 3));
    }

    long segment(int entry) {
        return named(entry) & Segment.ADDRESS;
    }

    long segmentFor(long hash) {
        return named(hash) & Segment.ADDRESS;
    }

    /** The first entry that names another segment than this one. */
    int nextEntry(int entry) {
        int shift = depth - Segment.depth(segment(entry));
        return ((entry >>> shift) + 1) << shift;
    }

    /** Makes the first segment, for all hashes. */
    void create() {
        address = allocator.allocate(Long.BYTES);
        depth = 0;
        name(0, createSegment(Segment.SMALLEST_BYTES, 0));
    }

    /** Frees all segments and the entries. */
    void release() {
        for (int entry = 0; entry < entries(); ) {
            int next = nextEntry(entry);
            freeSegment(segment(entry));
            entry = next;
        }
        allocator.free(address, entriesBytes());
        address = 0;
        depth = 0;
    }

    /**
     * Makes room in a full segment, by another size or by a split. Returns the segment that the
     * hash belongs to now.
     */
    long enlarge(long hash, long segment) {
        int bytes = Segment.bytes(segment);
        if (bytes < Segment.MOST_BYTES || Segment.depth(segment) == MOST_DEPTH) {
            return resize(hash, segment, Segment.bytesAfter(bytes));
        }
        split(hash, segment);
        return segmentFor(hash);
    }

    /** Gives a segment the size that fits its count. */
    void shrink(long hash, long segment) {
        resize(hash, segment, Segment.bytesFor(Segment.count(segment)));
    }

    private long resize(long hash, long segment, int bytes) {
        long resized = createSegment(bytes, Segment.depth(segment));
        Segment.copyInto(segment, resized);
        name(hash, resized);
        freeSegment(segment);
        return resized;
    }

    private void split(long hash, long segment) {
        int bits = Segment.depth(segment);
        if (bits == depth) {
            doubleEntries();
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
        long zeroSide = createSegment(Segment.bytesFor(Segment.count(segment) - ones), bits + 1);
        long oneSide = createSegment(Segment.bytesFor(ones), bits + 1);
        Segment.divideInto(segment, zeroSide, oneSide);
        long bit = 1L << (63 - bits);
        name(hash & ~bit, zeroSide);
        name(hash | bit, oneSide);
        freeSegment(segment);
    }

    private void doubleEntries() {
        int entries = entries();
        long doubled = allocator.allocate(entriesBytes() * 2);
        for (int entry = 0; entry < entries; entry++) {
            Memory.putLong(doubled + ((long) entry << 4), named(entry));
            Memory.putLong(doubled + ((long) entry << 4) + 8, named(entry));
        }
        allocator.free(address, entriesBytes());
        address = doubled;
        depth++;
    }

    /** Lets all entries of the segment's range name it. */
    private void name(long hash, long segment) {
        long named = (long) Segment.slots(segment) << Segment.ADDRESS_BITS | segment;
        int shift = depth - Segment.depth(segment);
        int first = (entry(hash) >>> shift) << shift;
        for (int entry = first; entry < first + (1 << shift); entry++) {
            Memory.putLong(address + ((long) entry << 3), named);
        }
    }

    private long createSegment(int bytes, int segmentDepth) {
        long segment = allocator.allocate(bytes);
        Segment.initialise(segment, bytes, segmentDepth);
        segmentBytes += bytes;
        return segment;
    }

    private void freeSegment(long segment) {
        int bytes = Segment.bytes(segment);
        segmentBytes -= bytes;
        allocator.free(segment, bytes);
    }

    private long entriesBytes() {
        return (long) Long.BYTES << depth;
    }

    /** Checks everything that must hold between calls, and returns the number of records. */
    long checkInvariants() {
        if (address == 0) {
            check(segmentBytes == 0 && depth == 0, "an empty directory has nothing");
            return 0;
        }
        long records = 0;
        long bytes = 0;
        for (int entry = 0; entry < entries(); entry = nextEntry(entry)) {
            long segment = segment(entry);
            int bits = Segment.depth(segment);
            check(bits <= depth, "no segment is deeper than the directory");
            for (int other = entry; other < nextEntry(entry); other++) {
                check(named(other) == named(entry), "the entries of a segment are neighbours");
            }
            check(
                    named(entry) >>> Segment.ADDRESS_BITS == Segment.slots(segment),
                    "the directory knows the number of slots");
            Segment.checkInvariants(segment, (long) entry >>> (depth - bits), bits);
            records += Segment.count(segment);
            bytes += Segment.bytes(segment);
        }
        check(bytes == segmentBytes, "the bytes are the sum of the segments' bytes");
        return records;
    }

    private static void check(boolean holds, String invariant) {
        if (!holds) {
            throw new IllegalStateException("violated: " + invariant);
        }
    }
}
