package io.keydb.server.structure;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Hashing;
import io.keydb.server.memory.Memory;
import java.util.random.RandomGenerator;

/**
 * A hash table of record addresses: the keys of a database, the fields of a hash, the members of a
 * set. A table is a root of {@value #ROOT_BYTES} bytes outside the Java heap, wherever its owner
 * keeps it, and what hangs from it. The table does not own the records: whoever inserts a record
 * frees it.
 *
 * <p>Every operation takes the hash of the key, {@link Hashing#hash(long, int)}, from the caller,
 * who needs it anyway.
 *
 * <p>Threads: confined to the partition lock, but for {@link #size}.
 */
public final class RecordTable {

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
     *   Load 0.77 to 0.875, so 9.1 to 10.4 bytes per record, and little for headers and directory. A table of up to 7 records is a
     *   root and one segment of 72 bytes.
     */

    /** The bytes of a root, which lies at a multiple of 8. */
    public static final int ROOT_BYTES = Directory.ROOT_BYTES;

    private static final int ATTEMPTS = 64;

    /** A segment that cannot split any more may have more slots than fit into fewer bits. */
    private static final int PLACE_BITS = 32;

    private static final long PLACE = (1L << PLACE_BITS) - 1;

    private RecordTable() {}

    /** Makes an empty table of a root; more memory is taken with the first record. */
    public static void initialise(long root) {
        Memory.fill(root, ROOT_BYTES, (byte) 0);
    }

    /** The number of records. Any thread may ask, and hears what is so or was so a moment ago. */
    public static long size(long root) {
        return Memory.getLong(root);
    }

    private static void addSize(long root, long difference) {
        Memory.putLong(root, Memory.getLong(root) + difference);
    }

    /** The bytes of the table itself, as allocated, without the root and the records. */
    public static long bytes(long root) {
        return Directory.bytes(root);
    }

    /** The record with that key; 0 when there is none. */
    public static long find(long root, long hash, long keyAddress, int keyLength) {
        long named = Directory.named(root, hash);
        if (named == 0) {
            return 0;
        }
        int slots = (int) (named >>> Segment.ADDRESS_BITS);
        return Segment.find(named & Segment.ADDRESS, slots, hash, keyAddress, keyLength);
    }

    /** Adds a record; there must be none with its key. */
    public static void insert(Allocator allocator, long root, long hash, long record) {
        if (Directory.isEmpty(root)) {
            Directory.create(allocator, root);
        }
        long segment = Directory.segmentFor(root, hash);
        while (Segment.isFull(segment)) {
            segment = Directory.enlarge(allocator, root, hash, segment);
        }
        Segment.insert(segment, hash, record);
        addSize(root, 1);
    }

    /** Takes a record out and returns it; 0 when it is not there. */
    public static long remove(Allocator allocator, long root, long hash, long record) {
        if (size(root) == 0) {
            return 0;
        }
        long segment = Directory.segmentFor(root, hash);
        int slot = Segment.slotOf(segment, hash, record);
        if (slot < 0) {
            return 0;
        }
        Segment.removeAt(segment, slot);
        addSize(root, -1);
        if (size(root) == 0) {
            Directory.release(allocator, root);
        } else if (Segment.isSparse(segment)) {
            Directory.shrink(allocator, root, hash, segment);
        }
        return record;
    }

    /** Puts a record with the same key in the place of another one, which must be there. */
    public static void replace(long root, long hash, long oldRecord, long newRecord) {
        long segment = size(root) == 0 ? 0 : Directory.segmentFor(root, hash);
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
    public static long random(long root, RandomGenerator generator) {
        if (size(root) == 0) {
            return 0;
        }
        int depth = Directory.depth(root);
        for (int i = 0; i < ATTEMPTS; i++) {
            int entry = generator.nextInt(1 << depth);
            long segment = Directory.segment(root, entry);
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
        return randomOfFew(root, generator);
    }

    /**
     * For a table that has lost most of its records: draws among the slots there are, then takes
     * the next record.
     */
    private static long randomOfFew(long root, RandomGenerator generator) {
        int entries = Directory.entries(root);
        for (int i = 0; i < ATTEMPTS; i++) {
            long segment = Directory.segment(root, generator.nextInt(entries));
            long record = Segment.recordAt(segment, generator.nextInt(Segment.slots(segment)));
            if (record != 0) {
                return record;
            }
        }
        int entry = generator.nextInt(entries);
        while (Segment.count(Directory.segment(root, entry)) == 0) {
            entry = (entry + 1) & (entries - 1);
        }
        long segment = Directory.segment(root, entry);
        int slot = generator.nextInt(Segment.slots(segment));
        while (Segment.recordAt(segment, slot) == 0) {
            slot = slot + 1 == Segment.slots(segment) ? 0 : slot + 1;
        }
        return Segment.recordAt(segment, slot);
    }

    /**
     * Shows up to {@code count} records that lie together at a random place: the order of keys in
     * the table is that of their hashes, so neighbours have nothing to do with each other. Shows at
     * least one of a table that is not empty.
     */
    public static void sample(
            long root, RandomGenerator generator, int count, RecordConsumer consumer) {
        if (size(root) == 0) {
            return;
        }
        int entries = Directory.entries(root);
        int entry = generator.nextInt(entries);
        int slot = generator.nextInt(Segment.slots(Directory.segment(root, entry)));
        int shown = 0;
        for (int visited = 0; visited < ATTEMPTS && shown < count; visited++) {
            long segment = Directory.segment(root, entry);
            int slots = Segment.slots(segment);
            for (; slot < slots && shown < count; slot++) {
                long record = Segment.recordAt(segment, slot);
                if (record != 0) {
                    consumer.accept(record);
                    shown++;
                }
            }
            entry = Directory.nextEntry(root, entry) & (entries - 1);
            slot = 0;
        }
        if (shown == 0) {
            consumer.accept(random(root, generator));
        }
    }

    /** Whether this record, of this hash, is in the table; the record itself is not looked at. */
    public static boolean holds(long root, long hash, long record) {
        return size(root) > 0
                && Segment.slotOf(Directory.segmentFor(root, hash), hash, record) >= 0;
    }

    /**
     * Shows about {@code count} records, at least one unless the end is reached, and returns where
     * to go on; 0 at the end. Start with 0. A record that is in the table from the first call to
     * the last is shown at least once, whatever else is inserted and removed between the calls. The
     * cursor has at most 47 bits; any other number is answered somehow, without harm.
     */
    public static long scan(long root, long cursor, int count, RecordConsumer consumer) {
        return size(root) == 0 ? 0 : TableScan.scan(root, cursor, count, consumer);
    }

    /**
     * Shows all records of the segment that covers a hash, and returns the first hash behind it; 0
     * at the end. Start with 0. Exactly the records whose hash, unsigned, is below the cursor have
     * been shown, whatever happens to the table between the calls; each once.
     */
    public static long walk(long root, long hashCursor, RecordConsumer consumer) {
        if (size(root) == 0) {
            return 0;
        }
        long segment = Directory.segmentFor(root, hashCursor);
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
     * Moves the segment that covers a hash out of sparse memory, see {@link Allocator#evacuate},
     * and lets the mover do the same with each of its records; returns the first hash behind it, as
     * {@link #walk} does. The first call takes the directory along.
     */
    public static long evacuate(
            Allocator allocator, long root, long hashCursor, RecordMover mover) {
        if (size(root) == 0) {
            return 0;
        }
        if (hashCursor == 0) {
            Directory.evacuateEntries(allocator, root);
        }
        long segment = Directory.evacuateSegment(allocator, root, hashCursor);
        int slots = Segment.slots(segment);
        for (int slot = 0; slot < slots; slot++) {
            long record = Segment.recordAt(segment, slot);
            if (record != 0) {
                long moved = mover.move(record);
                if (moved != record) {
                    Segment.setRecordAt(segment, slot, moved);
                }
            }
        }
        int bits = Segment.depth(segment);
        long start = bits == 0 ? 0 : (hashCursor >>> (64 - bits)) << (64 - bits);
        return bits == 0 ? 0 : start + (1L << (64 - bits));
    }

    /** Shows all records at once, in no order. */
    public static void forEach(long root, RecordConsumer consumer) {
        if (size(root) == 0) {
            return;
        }
        int entries = Directory.entries(root);
        for (int entry = 0; entry < entries; entry = Directory.nextEntry(root, entry)) {
            Segment.show(Directory.segment(root, entry), consumer);
        }
    }

    /**
     * The place behind {@code place} at which there is a record, in no order; -1 behind the last.
     * Start with -1. Places are valid until the table changes.
     */
    public static long nextPlace(long root, long place) {
        if (size(root) == 0) {
            return -1;
        }
        int entries = Directory.entries(root);
        int entry = place < 0 ? 0 : (int) (place >>> PLACE_BITS);
        int slot = place < 0 ? 0 : (int) (place & PLACE) + 1;
        while (entry < entries) {
            long segment = Directory.segment(root, entry);
            int slots = Segment.slots(segment);
            for (; slot < slots; slot++) {
                if (Segment.recordAt(segment, slot) != 0) {
                    return (long) entry << PLACE_BITS | slot;
                }
            }
            slot = 0;
            entry = Directory.nextEntry(root, entry);
        }
        return -1;
    }

    /** The record at a place that {@link #nextPlace} gave. */
    public static long recordAt(long root, long place) {
        long segment = Directory.segment(root, (int) (place >>> PLACE_BITS));
        return Segment.recordAt(segment, (int) (place & PLACE));
    }

    /**
     * Empties the table and gives its memory back, but for the root; the consumer is shown each
     * record, to free it.
     */
    public static void clear(Allocator allocator, long root, RecordConsumer freeing) {
        forEach(root, freeing);
        release(allocator, root);
    }

    /** Gives the table's memory back, but for the root; the records stay as they are. */
    public static void release(Allocator allocator, long root) {
        if (size(root) > 0) {
            Memory.putLong(root, 0);
            Directory.release(allocator, root);
        }
    }

    /**
     * Empties the table in slices: takes out about {@code limit} records, whole segments of up to
     * some 450, gives the memory of those back, and shows each record, to free it. Only this and
     * the size may be asked of the table from then on, until it is empty.
     *
     * @return what is left of the limit; more than zero when the table is empty
     */
    public static long drain(Allocator allocator, long root, long limit, RecordConsumer freeing) {
        long left = limit;
        // The last segments may be empty, and are to be given back as well.
        while (!Directory.isEmpty(root) && left > 0) {
            int drained = Directory.drainLast(allocator, root, freeing);
            addSize(root, -drained);
            left -= drained;
        }
        return Directory.isEmpty(root) ? Math.max(left, 1) : Math.min(left, 0);
    }

    static long hashOf(long record) {
        return Hashing.hash(Record.keyAddress(record), Record.keyLength(record));
    }

    /** Checks everything that must hold between calls. */
    public static void checkInvariants(long root) {
        if (Directory.checkInvariants(root) != size(root)
                || (size(root) == 0) != Directory.isEmpty(root)) {
            throw new IllegalStateException("violated: the size is the sum of the counts");
        }
    }
}
