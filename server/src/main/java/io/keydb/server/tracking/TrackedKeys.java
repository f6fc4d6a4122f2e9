package io.keydb.server.tracking;

import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.Pages;
import io.keydb.server.memory.Reserved;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordTable;
import java.util.random.RandomGenerator;

/**
 * Which clients keep copies of which keys of one partition, whatever database they read them from.
 *
 * <pre>
 *   table ──► record: key │ id, id, id ...     8 bytes each, ascending
 * </pre>
 *
 * <p>Threads: confined to the partition lock, but for the numbers.
 */
final class TrackedKeys {
    private static final int SHAPE = Record.shape(Record.STRING, Record.RAW, false, false, false);
    private static final long[] NOBODY = {};

    private final Pages pages;
    private final Reserved root = new Reserved(RecordTable.ROOT_BYTES);
    private Allocator allocator;
    private volatile long items;

    TrackedKeys(Pages pages) {
        this.pages = pages;
        this.allocator = new Allocator(pages, false);
    }

    /** Any thread, a moment late. */
    long keys() {
        return RecordTable.size(root.address());
    }

    /** Pairs of a key and a client. Any thread, a moment late. */
    long items() {
        return items;
    }

    /** Remembers that the client keeps a copy; gives whether nobody kept one of this key before. */
    boolean add(Key key, long client) {
        long record = find(key);
        if (record == 0) {
            long fresh = Record.create(allocator, SHAPE, key.address(), key.length(), Long.BYTES);
            Memory.putLong(Record.valueAddress(fresh), client);
            RecordTable.insert(allocator, root.address(), key.hash(), fresh);
            items = items + 1;
            return true;
        }
        long ids = Record.valueAddress(record);
        int count = (int) (Record.valueLength(record) / Long.BYTES);
        int place = placeOf(ids, count, client);
        if (place < count && Memory.getLong(ids + (long) place * Long.BYTES) == client) {
            return false;
        }
        insert(key, record, place, client);
        items = items + 1;
        return false;
    }

    private void insert(Key key, long record, int place, long client) {
        long length = Record.valueLength(record);
        long before = (long) place * Long.BYTES;
        long fresh =
                Record.create(allocator, SHAPE, key.address(), key.length(), length + Long.BYTES);
        long from = Record.valueAddress(record);
        long to = Record.valueAddress(fresh);
        Memory.copy(from, to, before);
        Memory.putLong(to + before, client);
        Memory.copy(from + before, to + before + Long.BYTES, length - before);
        RecordTable.replace(root.address(), key.hash(), record, fresh);
        allocator.free(record, Record.sizeOf(record));
    }

    private static int placeOf(long ids, int count, long client) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Memory.getLong(ids + (long) middle * Long.BYTES) < client) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Forgets the key; gives who kept copies of it. */
    long[] take(Key key) {
        long record = RecordTable.size(root.address()) == 0 ? 0 : find(key);
        if (record == 0) {
            return NOBODY;
        }
        long[] ids = new long[(int) (Record.valueLength(record) / Long.BYTES)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Memory.getLong(Record.valueAddress(record) + (long) i * Long.BYTES);
        }
        RecordTable.remove(allocator, root.address(), key.hash(), record);
        allocator.free(record, Record.sizeOf(record));
        items = items - ids.length;
        return ids;
    }

    /** The bytes of a random key; there is one. */
    byte[] randomKey(RandomGenerator random) {
        long record = RecordTable.random(root.address(), random);
        return Memory.bytes(Record.keyAddress(record), Record.keyLength(record));
    }

    /** Forgets all keys at once. */
    void clear() {
        if (RecordTable.size(root.address()) > 0) {
            allocator.close();
            RecordTable.initialise(root.address());
            allocator = new Allocator(pages, false);
            items = 0;
        }
    }

    private long find(Key key) {
        return RecordTable.find(root.address(), key.hash(), key.address(), key.length());
    }
}
