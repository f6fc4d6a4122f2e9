package io.keydb.server.structure;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Hashing;
import io.keydb.server.memory.Memory;
import java.util.random.RandomGenerator;

/**
 * A hash table of record addresses. The table does not own the records: whoever inserts a record
 * frees it.
 *
 * <p>Every operation takes the hash of the key, {@link Hashing#hash(long, int)}, from the caller,
 * who needs it anyway.
 *
 * <p>Threads: confined to the partition lock.
 */
public final class RecordTable implements AutoCloseable {

    /*
     * Idea
     *   Extendible hashing. The top bits of the hash choose an entry of the directory, which names a segment; a segment is a small
     *   open-addressed array (see Segment). A full segment grows by one size class of the allocator, about a tenth, so nothing is ever
     *   far from full; at 511 slots it splits in two by the next bit of the hash. Only then keys are hashed again, those of one
     *   segment. The directory doubles when a segment splits that has only one entry: 8 bytes for some 300 records.
     *
     *     hash    | prefix: directory entry |  ...  | tag: 16 low bits |
     *
     *     directory  [0 .. 2^depth)  -> segment address; a segment of depth d fills 2^(depth - d) neighbouring entries
     *
     * Order
     *   By prefix, then by tag: that is the order of scan. A segment keeps its slots in tag order, so a cursor is a place in that order
     *   and survives growth, shrinking and splits. walk goes by whole segments, in the order of the hash.
     *
     * Shrinking
     *   A segment shrinks when less than 0.4 of it is used. Segments do not merge again; a table that becomes empty gives all back.
     *
     * Cost
     *   Load 0.79 to 0.875, so 9.1 to 10.1 bytes per record, 8 bytes per segment and 8 per directory entry.
     */

    /**
     * Prefixes longer than this make no sense: the cursor has no room, and no memory is that large.
     */
    private static final int MOST_DEPTH = 30;

    private static final int TAG_BITS = 16;
    private static final int ATTEMPTS = 64;

    private final Allocator allocator;
    private long directory;
    private int depth;
    private long size;
    private long segmentBytes;

    /** An empty table; it takes memory with the first record. */
    public RecordTable(Allocator allocator) {
        this.allocator = allocator;
    }

    public long size() {
        return size;
    }

    /** The bytes of the table itself, as allocated, without the records. */
    public long overheadBytes() {
        return directory == 0 ? 0 : segmentBytes + Allocator.cellSize(directoryBytes());
    }

    /** The record with that key; 0 when there is none. */
    public long find(long hash, long keyAddress, int keyLength) {
        return directory == 0 ? 0 : Segment.find(segment(entry(hash)), hash, keyAddress, keyLength);
    }

    /** Adds a record; there must be none with its key. */
    public void insert(long hash, long record) {
        if (directory == 0) {
            create();
        }
        long segment = segment(entry(hash));
        while (Segment.isFull(segment)) {
            segment = enlarge(hash, segment);
        }
        Segment.insert(segment, hash, record);
        size++;
    }

    /** Takes a record out and returns it; 0 when it is not there. */
    public long remove(long hash, long record) {
        if (directory == 0) {
            return 0;
        }
        long segment = segment(entry(hash));
        int slot = Segment.slotOf(segment, hash, record);
        if (slot < 0) {
            return 0;
        }
        Segment.removeAt(segment, slot);
        if (--size == 0) {
            release();
        } else if (Segment.isSparse(segment)) {
            resize(hash, segment, Segment.bytesFor(Segment.count(segment)));
        }
        return record;
    }

    /** Puts a record with the same key in the place of another one. */
    public void replace(long hash, long oldRecord, long newRecord) {
        long segment = directory == 0 ? 0 : segment(entry(hash));
        int slot = segment == 0 ? -1 : Segment.slotOf(segment, hash, oldRecord);
        if (slot < 0) {
            throw new IllegalStateException("the table has no such record");
        }
        Segment.setRecordAt(segment, slot, newRecord);
    }

    /**
     * A record chosen at random; 0 when the table is empty. All are equally likely, as long as the
     * table is not mostly empty: a slot is drawn among as many per directory entry as the largest
     * segment has, until a used one is met.
     */
    public long random(RandomGenerator generator) {
        if (size == 0) {
            return 0;
        }
        for (int i = 0; i < ATTEMPTS; i++) {
            int entry = generator.nextInt(1 << depth);
            long segment = segment(entry);
            int span = depth == 0 ? Segment.slots(segment) : Segment.MOST_SLOTS;
            int within = entry & (1 << (depth - Segment.depth(segment))) - 1;
            long slot = (long) within * span + generator.nextInt(span);
            long record = slot < Segment.slots(segment) ? Segment.recordAt(segment, (int) slot) : 0;
            if (record != 0) {
                return record;
            }
        }
        return randomOfFew(generator);
    }

    /**
     * For a table that has lost most of its records: draws among the slots there are, then takes
     * the next record.
     */
    private long randomOfFew(RandomGenerator generator) {
        for (int i = 0; i < ATTEMPTS; i++) {
            long segment = segment(generator.nextInt(1 << depth));
            long record = Segment.recordAt(segment, generator.nextInt(Segment.slots(segment)));
            if (record != 0) {
                return record;
            }
        }
        int entry = generator.nextInt(1 << depth);
        while (Segment.count(segment(entry)) == 0) {
            entry = entry + 1 & (1 << depth) - 1;
        }
        long segment = segment(entry);
        int slot = generator.nextInt(Segment.slots(segment));
        while (Segment.recordAt(segment, slot) == 0) {
            slot = slot + 1 == Segment.slots(segment) ? 0 : slot + 1;
        }
        return Segment.recordAt(segment, slot);
    }

    /**
     * Shows about {@code count} records, at least one unless the end is reached, and returns where
     * to go on; 0 at the end. Start with 0. A record that is in the table from the first call to
     * the last is shown at least once, whatever else is inserted and removed between the calls. The
     * cursor has at most 47 bits; any other number is answered somehow, without harm.
     */
    public long scan(long cursor, int count, RecordConsumer consumer) {
        // The cursor is a prefix with a one before it, and the tag: all before (prefix, tag) has
        // been shown.
        long marked = cursor >>> TAG_BITS;
        if (marked == 0) {
            marked = 1;
        }
        int tag = (int) cursor & 0xffff;
        if (cursor == 0 && directory != 0) {
            marked = 1L << Segment.depth(segment(0));
        }
        long left = Math.max(1, count);
        while (directory != 0) {
            int bits = 63 - Long.numberOfLeadingZeros(marked);
            if (bits > MOST_DEPTH) {
                return 0;
            }
            long prefix = marked - (1L << bits);
            long shown =
                    bits < depth
                            ? scanGroup(prefix, bits, tag, left, consumer)
                            : scanOne(prefix >>> (bits - depth), tag, left, consumer);
            left -= shown >>> 32;
            int next = (int) shown;
            if (next <= 0xffff) {
                if (left <= 0) {
                    return marked << TAG_BITS | next;
                }
                tag = next;
                continue;
            }
            marked = following(prefix, bits);
            tag = 0;
            if (marked == 0 || left <= 0) {
                return marked << TAG_BITS;
            }
        }
        return 0;
    }

    /** The marked prefix of the segment after that prefix; 0 at the end. */
    private long following(long prefix, int bits) {
        long end = prefix + 1;
        if (end == 1L << bits) {
            return 0;
        }
        // As an entry of the directory; a prefix longer than the directory's is rounded up to the
        // next entry.
        long entry = bits <= depth ? end << (depth - bits) : ((end - 1) >>> (bits - depth)) + 1;
        if (entry == 1L << depth) {
            return 0;
        }
        int segmentDepth = Segment.depth(segment((int) entry));
        return 1L << segmentDepth | entry >>> (depth - segmentDepth);
    }

    /**
     * Shows records of one segment from {@code tag} on. Returns how many in the upper half, the
     * next tag in the lower.
     */
    private long scanOne(long entry, int tag, long left, RecordConsumer consumer) {
        return Segment.scan(segment((int) entry), tag, 0x10000, left, consumer);
    }

    /**
     * The segment that the cursor was in may have split since: shows a window of tags in all its
     * parts. The window is as wide as the count asks for, but no narrower than a few records per
     * part, or looking would cost more than showing.
     */
    private long scanGroup(long prefix, int bits, int tag, long left, RecordConsumer consumer) {
        int first = (int) (prefix << (depth - bits));
        int end = first + (1 << (depth - bits));
        long records = 0;
        int parts = 0;
        for (int entry = first; entry < end; entry = nextEntry(entry)) {
            records += Segment.count(segment(entry));
            parts++;
        }
        long wanted = Math.max(left, parts == 1 ? 1 : parts * 4L);
        long width = records == 0 ? 0x10000 : Math.max(1, (wanted << TAG_BITS) / records);
        int upTo = parts == 1 ? 0x10000 : (int) Math.min(0x10000, tag + width);
        long limit = parts == 1 ? left : Long.MAX_VALUE;
        long shown = 0;
        int next = upTo;
        for (int entry = first; entry < end; entry = nextEntry(entry)) {
            long result = Segment.scan(segment(entry), tag, upTo, limit, consumer);
            shown += result >>> 32;
            next = Math.min(next, (int) result);
        }
        return shown << 32 | next;
    }

    /** The first directory entry that names another segment than this one. */
    private int nextEntry(int entry) {
        int shift = depth - Segment.depth(segment(entry));
        return ((entry >>> shift) + 1) << shift;
    }

    /**
     * Shows all records of the segment that covers a hash, and returns the first hash behind it; 0
     * at the end. Start with 0. Exactly the records whose hash, unsigned, is below the cursor have
     * been shown, whatever happens to the table between the calls; each once.
     */
    public long walk(long hashCursor, RecordConsumer consumer) {
        if (directory == 0) {
            return 0;
        }
        int entry = entry(hashCursor);
        long segment = segment(entry);
        int bits = Segment.depth(segment);
        long start = bits == 0 ? 0 : hashCursor >>> (64 - bits) << (64 - bits);
        int slots = Segment.slots(segment);
        for (int slot = 0; slot < slots; slot++) {
            long record = Segment.recordAt(segment, slot);
            if (record != 0
                    && (start == hashCursor
                            || Long.compareUnsigned(hashOf(record), hashCursor) >= 0)) {
                consumer.accept(record);
            }
        }
        return bits == 0 ? 0 : start + (1L << (64 - bits));
    }

    /**
     * Empties the table and gives its memory back; the consumer is shown each record, to free it.
     */
    public void clear(RecordConsumer freeing) {
        if (directory == 0) {
            return;
        }
        for (int entry = 0; entry < 1 << depth; entry = nextEntry(entry)) {
            long segment = segment(entry);
            int slots = Segment.slots(segment);
            for (int slot = 0; slot < slots; slot++) {
                long record = Segment.recordAt(segment, slot);
                if (record != 0) {
                    freeing.accept(record);
                }
            }
        }
        release();
    }

    /** Gives the table's memory back; the records stay as they are. */
    @Override
    public void close() {
        if (directory != 0) {
            release();
        }
    }

    private void create() {
        directory = allocator.allocate(Long.BYTES);
        depth = 0;
        Memory.putLong(directory, createSegment(Segment.SMALLEST_BYTES, 0));
    }

    private void release() {
        for (int entry = 0; entry < 1 << depth; ) {
            int next = nextEntry(entry);
            freeSegment(segment(entry));
            entry = next;
        }
        allocator.free(directory, directoryBytes());
        directory = 0;
        depth = 0;
        size = 0;
    }

    private long directoryBytes() {
        return (long) Long.BYTES << depth;
    }

    private int entry(long hash) {
        return (int) (hash >>> 1 >>> (63 - depth));
    }

    private long segment(int entry) {
        return Memory.getLong(directory + ((long) entry << 3));
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

    private long enlarge(long hash, long segment) {
        int bytes = Segment.bytes(segment);
        if (bytes < Segment.MOST_BYTES || Segment.depth(segment) == MOST_DEPTH) {
            return resize(hash, segment, Segment.bytesAfter(bytes));
        }
        split(hash, segment);
        return segment(entry(hash));
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
            doubleDirectory();
        }
        int ones = 0;
        int slots = Segment.slots(segment);
        // The sizes of the two sides have to be known first; the mark spares hashing every key
        // twice.
        for (int slot = 0; slot < slots; slot++) {
            long record = Segment.recordAt(segment, slot);
            if (record != 0 && (hashOf(record) << bits) < 0) {
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

    private void doubleDirectory() {
        int entries = 1 << depth;
        long doubled = allocator.allocate(directoryBytes() * 2);
        for (int entry = 0; entry < entries; entry++) {
            long segment = segment(entry);
            Memory.putLong(doubled + ((long) entry << 4), segment);
            Memory.putLong(doubled + ((long) entry << 4) + 8, segment);
        }
        allocator.free(directory, directoryBytes());
        directory = doubled;
        depth++;
    }

    /** Makes all directory entries of the segment's range point to it. */
    private void name(long hash, long segment) {
        int shift = depth - Segment.depth(segment);
        int first = entry(hash) >>> shift << shift;
        for (int entry = first; entry < first + (1 << shift); entry++) {
            Memory.putLong(directory + ((long) entry << 3), segment);
        }
    }

    static long hashOf(long record) {
        return Hashing.hash(Record.keyAddress(record), Record.keyLength(record));
    }

    /** Checks everything that must hold between calls. */
    void checkInvariants() {
        if (directory == 0) {
            check(size == 0 && segmentBytes == 0 && depth == 0, "an empty table has nothing");
            return;
        }
        long records = 0;
        long bytes = 0;
        for (int entry = 0; entry < 1 << depth; entry = nextEntry(entry)) {
            long segment = segment(entry);
            int bits = Segment.depth(segment);
            check(bits <= depth, "no segment is deeper than the directory");
            for (int other = entry; other < nextEntry(entry); other++) {
                check(segment(other) == segment, "the entries of a segment are neighbours");
            }
            Segment.checkInvariants(segment, (long) entry >>> (depth - bits), bits);
            records += Segment.count(segment);
            bytes += Segment.bytes(segment);
        }
        check(records == size, "the size is the sum of the segments' counts");
        check(bytes == segmentBytes, "the bytes are the sum of the segments' bytes");
    }

    private static void check(boolean holds, String invariant) {
        if (!holds) {
            throw new IllegalStateException("violated: " + invariant);
        }
    }
}
