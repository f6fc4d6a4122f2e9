package io.keydb.server.keyspace.snapshot;

import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Hashing;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.value.Values;

/**
 * Old versions of records of one database in one partition: what keys that changed since the cut
 * were at the cut. A key that was absent is kept as a tombstone.
 *
 * <p>Threads: confined to the partition lock.
 */
final class SavedRecords {
    private final Allocator allocator;
    private final long table;

    SavedRecords(Allocator allocator) {
        this.allocator = allocator;
        this.table = allocator.allocate(RecordTable.ROOT_BYTES);
        RecordTable.initialise(table);
    }

    boolean has(Key key) {
        return RecordTable.find(table, key.hash(), key.address(), key.length()) != 0;
    }

    boolean hasKeyOf(long record) {
        long address = Record.keyAddress(record);
        int length = Record.keyLength(record);
        return RecordTable.find(table, Hashing.hash(address, length), address, length) != 0;
    }

    /**
     * Keeps a copy of the record, or that there was none.
     *
     * @return the bytes this took
     */
    long save(Key key, long record) {
        long copy = record == 0 ? absent(key) : copy(record);
        RecordTable.insert(allocator, table, key.hash(), copy);
        return Values.memoryUsage(copy);
    }

    /**
     * Shows what was there at the cut, one segment after the other, as {@link RecordTable#walk}
     * does.
     */
    long walk(long cursor, RecordShown shown) {
        return RecordTable.walk(
                table,
                cursor,
                record -> {
                    if (Record.type(record) != Record.TOMBSTONE) {
                        shown.accept(record);
                    }
                });
    }

    void free() {
        RecordTable.clear(allocator, table, record -> Values.free(allocator, record));
        allocator.free(table, RecordTable.ROOT_BYTES);
    }

    private long absent(Key key) {
        int shape = Record.shape(Record.TOMBSTONE, Record.EMPTY, false, false, false);
        return Record.create(allocator, shape, key.address(), key.length(), 0);
    }

    private long copy(long record) {
        long size = Record.sizeOf(record);
        long copy = allocator.allocate(size);
        Memory.copy(record, copy, size);
        Values.copy(allocator, record, copy);
        return copy;
    }

    /** Is shown a record. */
    interface RecordShown {
        void accept(long record);
    }
}
