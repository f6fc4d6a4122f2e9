package io.keydb.server.structure;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Hashing;
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
     *   Extendible hashing. The top bits of the hash choose an entry of the Directory, which names a Segment: a small
     *   open-addressed array in the order of the tags, the low 16 bits of the hash. A full segment grows by one size class of the
     *   allocator, about a tenth, for which the tags suffice; at 511 slots it splits in two by the next bit of the hash. Only then
     *   keys are hashed again, those of one segment. The directory doubles when a segment splits that has only one entry.
     *
     *     hash    | prefix: entry of the directory |  ...  | tag (16) |
     *
     *   So no step moves more than one segment and the entries of the directory, 8 bytes for some 300 records.
     *
     * Order
     *   scan goes by prefix, then by tag (see TableScan). walk goes by whole segments, which is the order of the hash as far as
     *   segments reach.
     *
     * Shrinking
     *   A segment shrinks when less than 0.4 of it is used. Segments do not merge again; a table that becomes empty gives all back.
     *
     * Cost
     *   Load 0.77 to 0.875, so 9.1 to 10.4 bytes per record, and little for headers and directory.
     */

    private static final int ATTEMPTS = 64;

    private final Directory directory;
    private long size;

    /** An empty table; it takes memory with the first record. */
    public RecordTable(Allocator allocator) {
        directory = new Directory(allocator);
    }

    public long size() {
        return size;
    }

    /** The bytes of the table itself, as allocated, without the records. */
    public long overheadBytes() {
        return directory.bytes();
    }

    /** The record with that key; 0 when there is none. */
    public long find(long hash, long keyAddress, int keyLength) {
        if (size == 0) {
            return 0;
        }
        long named = directory.named(hash);
        int slots = (int) (named >>> Segment.ADDRESS_BITS);
        return Segment.find(named & Segment.ADDRESS, slots, hash, keyAddress, keyLength);
    }

    /** Adds a record; there must be none with its key. */
    public void insert(long hash, long record) {
        if (directory.isEmpty()) {
            directory.create();
        }
        long segment = directory.segmentFor(hash);
        while (Segment.isFull(segment)) {
            segment = directory.enlarge(hash, segment);
        }
        Segment.insert(segment, hash, record);
        size++;
    }

    /** Takes a record out and returns it; 0 when it is not there. */
    public long remove(long hash, long record) {
        if (size == 0) {
            return 0;
        }
        long segment = directory.segmentFor(hash);
        int slot = Segment.slotOf(segment, hash, record);
        if (slot < 0) {
            return 0;
        }
        Segment.removeAt(segment, slot);
        size--;
        if (size == 0) {
            directory.release();
        } else if (Segment.isSparse(segment)) {
            directory.shrink(hash, segment);
        }
        return record;
    }

    /** Puts a record with the same key in the place of another one, which must be there. */
    public void replace(long hash, long oldRecord, long newRecord) {
        long segment = size == 0 ? 0 : directory.segmentFor(hash);
        int slot = size == 0 ? -1 : Segment.slotOf(segment, hash, oldRecord);
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
        int depth = directory.depth();
        for (int i = 0; i < ATTEMPTS; i++) {
            int entry = generator.nextInt(directory.entries());
            long segment = directory.segment(entry);
            int span = depth == 0 ? Segment.slots(segment) : Segment.MOST_SLOTS;
            // A segment with several entries is so much larger; each entry stands for its share of
            // the slots.
            int share = entry & ((1 << (depth - Segment.depth(segment))) - 1);
            long slot = (long) share * span + generator.nextInt(span);
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
            long segment = directory.segment(generator.nextInt(directory.entries()));
            long record = Segment.recordAt(segment, generator.nextInt(Segment.slots(segment)));
            if (record != 0) {
                return record;
            }
        }
        int entry = generator.nextInt(directory.entries());
        while (Segment.count(directory.segment(entry)) == 0) {
            entry = (entry + 1) & (directory.entries() - 1);
        }
        long segment = directory.segment(entry);
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
        return size == 0 ? 0 : TableScan.scan(directory, cursor, count, consumer);
    }

    /**
     * Shows all records of the segment that covers a hash, and returns the first hash behind it; 0
     * at the end. Start with 0. Exactly the records whose hash, unsigned, is below the cursor have
     * been shown, whatever happens to the table between the calls; each once.
     */
    public long walk(long hashCursor, RecordConsumer consumer) {
        if (size == 0) {
            return 0;
        }
        long segment = directory.segmentFor(hashCursor);
        int bits = Segment.depth(segment);
        long start = bits == 0 ? 0 : (hashCursor >>> (64 - bits)) << (64 - bits);
        int slots = Segment.slots(segment);
        for (int slot = 0; slot < slots; slot++) {
            long record = Segment.recordAt(segment, slot);
            // The cursor is inside the segment only when the table became empty after it was given
            // out.
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
        if (size == 0) {
            return;
        }
        for (int entry = 0; entry < directory.entries(); entry = directory.nextEntry(entry)) {
            long segment = directory.segment(entry);
            int slots = Segment.slots(segment);
            for (int slot = 0; slot < slots; slot++) {
                long record = Segment.recordAt(segment, slot);
                if (record != 0) {
                    freeing.accept(record);
                }
            }
        }
        close();
    }

    /** Gives the table's memory back; the records stay as they are. */
    @Override
    public void close() {
        if (size > 0) {
            size = 0;
            directory.release();
        }
    }

    static long hashOf(long record) {
        return Hashing.hash(Record.keyAddress(record), Record.keyLength(record));
    }

    /** Checks everything that must hold between calls. */
    void checkInvariants() {
        if (directory.checkInvariants() != size || (size == 0) != directory.isEmpty()) {
            throw new IllegalStateException("violated: the size is the sum of the counts");
        }
    }
}
