package io.keydb.server.value;

import io.keydb.server.memory.Allocator;
import io.keydb.server.structure.Record;
import io.keydb.server.value.cron.CronType;
import io.keydb.server.value.hash.HashType;
import io.keydb.server.value.list.ListType;
import io.keydb.server.value.module.ModuleType;
import io.keydb.server.value.set.SetType;
import io.keydb.server.value.sortedset.SortedSetType;
import io.keydb.server.value.stream.StreamType;
import io.keydb.server.value.string.StringType;

/**
 * The types of values by the type of a record, and what is asked of all of them alike.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
public final class Values {
    /** A value of more elements is freed in slices. */
    private static final int FREED_AT_ONCE = 64;

    private static final ValueType[] TYPES = new ValueType[16];

    static {
        TYPES[Record.STRING] = new StringType();
        TYPES[Record.STREAM] = new StreamType();
        TYPES[Record.SORTED_SET] = new SortedSetType();
        TYPES[Record.SET] = new SetType();
        TYPES[Record.CRON] = new CronType();
        TYPES[Record.HASH] = new HashType();
        TYPES[Record.LIST] = new ListType();
        TYPES[Record.MODULE] = new ModuleType();
        TYPES[Record.TOMBSTONE] = new Nothing();
    }

    private Values() {}

    /** The type of a record. */
    public static ValueType of(long record) {
        ValueType type = TYPES[Record.type(record)];
        if (type == null) {
            throw new IllegalArgumentException("no value of type " + Record.type(record));
        }
        return type;
    }

    /** Frees the record and all it owns. */
    public static void free(Allocator allocator, long record) {
        of(record).freeOwned(allocator, record, Long.MAX_VALUE);
        allocator.free(record, Record.sizeOf(record));
    }

    /**
     * Frees the record and all it owns, or about so many elements of it.
     *
     * @return what is left of the budget; more than zero when the record is freed
     */
    public static long free(Allocator allocator, long record, long budget) {
        long left = of(record).freeOwned(allocator, record, budget);
        if (left > 0) {
            allocator.free(record, Record.sizeOf(record));
        }
        return left;
    }

    /** Whether freeing the value takes so long that it is better done in slices. */
    public static boolean isBig(long record) {
        return Record.encoding(record) == Record.INT
                && Record.type(record) != Record.STRING
                && of(record).size(record) > FREED_AT_ONCE;
    }

    /**
     * Copies the value of one record, with all it owns, into a new record of the same shape of
     * value.
     */
    public static void copy(Allocator allocator, long from, long to) {
        of(from).copy(allocator, from, to);
    }

    /** Bytes of memory the record and all it owns take. */
    public static long memoryUsage(long record) {
        return Allocator.cellSize(Record.sizeOf(record)) + of(record).ownedBytes(record);
    }

    /** The name of the encoding as OBJECT ENCODING tells it. */
    public static String encodingName(long record) {
        return of(record).encodingName(record);
    }

    /** The name of the type as TYPE tells it. */
    public static String typeName(long record) {
        return of(record).name(record);
    }

    /**
     * Moves a record, and what it owns apart unless that is a structure, out of sparse memory; see
     * {@link Allocator#evacuate}. Gives where the record is.
     */
    public static long evacuate(Allocator allocator, long record) {
        long moved = allocator.evacuate(record, Record.sizeOf(record));
        evacuateLarge(allocator, moved);
        return moved;
    }

    /** The part of {@link #evacuate} that concerns what the record owns. */
    static void evacuateLarge(Allocator allocator, long record) {
        if (Record.isLarge(Record.encoding(record))) {
            long address = Record.largeAddress(record);
            long capacity = Record.largeCapacity(record);
            long movedTo = allocator.evacuate(address, capacity);
            if (movedTo != address) {
                Record.setLarge(record, movedTo, Record.largeLength(record), capacity);
            }
        }
    }

    /** Whether the value is a structure, whose parts {@link ValueType#evacuate} moves. */
    public static boolean isStructure(long record) {
        return Record.encoding(record) == Record.INT && Record.type(record) != Record.STRING;
    }

    /** A record without a value: the tombstone of a deleted key. */
    private static final class Nothing implements ValueType {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public String encodingName(long record) {
            return "none";
        }

        @Override
        public long size(long record) {
            return 0;
        }

        @Override
        public long ownedBytes(long record) {
            return 0;
        }

        @Override
        public void copy(Allocator allocator, long from, long to) {}

        @Override
        public long freeOwned(Allocator allocator, long record, long budget) {
            return budget;
        }
    }
}
