package io.keydb.server.keyspace;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.value.EncodingLimits;
import io.keydb.server.value.Holder;
import io.keydb.server.value.Values;
import io.keydb.server.value.module.ModuleTypes;

/**
 * A value in the making: the record of a key that is in no table yet, so that nobody sees it before
 * it is whole, and what the key holds meanwhile may still be read. In the end it takes the place of
 * that, or is dropped.
 *
 * <p>Threads: confined to the lock of the key's partition.
 */
public final class Draft implements Holder, AutoCloseable {
    private final Database database;
    private final Key key;
    private final boolean hasExpiry;
    private final long expiryMillis;
    private long record;

    /** A draft without a record. */
    public Draft(Database database, Key key) {
        this.database = database;
        this.key = key;
        this.hasExpiry = false;
        this.expiryMillis = 0;
    }

    /** A draft without a record, which is to expire at a time in unix milliseconds. */
    public Draft(Database database, Key key, long expiryMillis) {
        this.database = database;
        this.key = key;
        this.hasExpiry = true;
        this.expiryMillis = expiryMillis;
    }

    @Override
    public long record() {
        return record;
    }

    @Override
    public Allocator allocator() {
        return database.allocator(key);
    }

    @Override
    public EncodingLimits limits() {
        return database.keyspace().limits();
    }

    @Override
    public ModuleTypes moduleTypes() {
        return database.keyspace().moduleTypes();
    }

    @Override
    public long create(int type, int encoding, long inlineBytes) {
        record = database.newRecord(key, database.shape(type, encoding, hasExpiry), inlineBytes);
        if (hasExpiry) {
            Record.setExpiry(record, expiryMillis);
        }
        return record;
    }

    @Override
    public long resize(int encoding, long inlineBytes) {
        long old = record;
        if (Record.encoding(old) == encoding
                && Record.resizeInPlace(allocator(), old, inlineBytes)) {
            return old;
        }
        create(Record.type(old), encoding, inlineBytes);
        long kept = Math.min(Record.valueLength(old), Record.valueLength(record));
        Memory.copy(Record.valueAddress(old), Record.valueAddress(record), kept);
        allocator().free(old, Record.sizeOf(old));
        return record;
    }

    @Override
    public void membersExpire(boolean expire) {
        Record.setMembersExpire(record, expire);
    }

    @Override
    public void beforeChange() {
        // Nobody has seen it.
    }

    /** Makes the record the key's, in the place of whatever the key held. There must be one. */
    public void publish() {
        long old = database.stored(key);
        if (old == 0) {
            database.insert(key, record);
        } else {
            database.replace(key, old, record);
        }
        record = 0;
    }

    /** Frees the record unless it was published. */
    @Override
    public void close() {
        if (record != 0) {
            Values.free(allocator(), record);
            record = 0;
        }
    }
}
