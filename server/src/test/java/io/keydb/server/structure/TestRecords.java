package io.keydb.server.structure;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Hashing;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.Pages;
import java.nio.charset.StandardCharsets;

/**
 * A table with its memory, addressed by Java strings; frees all and checks for leaks at the end.
 */
final class TestRecords implements AutoCloseable {

    private static final int SHAPE = Record.shape(Record.STRING, Record.INT, false, false, true);

    final Pages pages = new Pages();
    final Allocator allocator;
    final long table;
    private final long scratch;
    private static final int SCRATCH_BYTES = 1024;

    TestRecords(boolean debug) {
        allocator = new Allocator(pages, debug);
        table = allocator.allocate(RecordTable.ROOT_BYTES);
        RecordTable.initialise(table);
        scratch = allocator.allocate(SCRATCH_BYTES);
    }

    long find(String key) {
        int length = write(key);
        return RecordTable.find(table, Hashing.hash(scratch, length), scratch, length);
    }

    long put(String key, long value) {
        int length = write(key);
        long hash = Hashing.hash(scratch, length);
        long record = RecordTable.find(table, hash, scratch, length);
        if (record == 0) {
            record = Record.create(allocator, SHAPE, scratch, length, 0);
            RecordTable.insert(allocator, table, hash, record);
        }
        Record.setNumber(record, value);
        return record;
    }

    /** Moves a record to another address. */
    void move(String key) {
        long hash = RecordTable.hashOf(find(key));
        long old = find(key);
        long moved = allocator.allocate(Record.sizeOf(old));
        Memory.copy(old, moved, Record.sizeOf(old));
        RecordTable.replace(table, hash, old, moved);
        free(old);
    }

    boolean remove(String key) {
        int length = write(key);
        long hash = Hashing.hash(scratch, length);
        long record = RecordTable.find(table, hash, scratch, length);
        if (record == 0) {
            return false;
        }
        if (RecordTable.remove(allocator, table, hash, record) != record) {
            throw new AssertionError("not removed: " + key);
        }
        free(record);
        return true;
    }

    void free(long record) {
        allocator.free(record, Record.sizeOf(record));
    }

    static String key(long record) {
        return new String(
                Memory.bytes(Record.keyAddress(record), Record.keyLength(record)),
                StandardCharsets.UTF_8);
    }

    /** Bytes of records and table, without its root. */
    long allocatedBytes() {
        return allocator.allocatedBytes()
                - Allocator.cellSize(SCRATCH_BYTES)
                - RecordTable.ROOT_BYTES;
    }

    private int write(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        Memory.copyIn(bytes, 0, scratch, bytes.length);
        return bytes.length;
    }

    @Override
    public void close() {
        RecordTable.clear(allocator, table, this::free);
        allocator.free(table, RecordTable.ROOT_BYTES);
        allocator.checkCanaries();
        allocator.free(scratch, SCRATCH_BYTES);
        long leaked = allocator.allocatedBytes();
        allocator.close();
        pages.close();
        if (leaked != 0) {
            throw new AssertionError(leaked + " bytes leaked");
        }
    }
}
