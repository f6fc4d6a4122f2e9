package io.keydb.server.keyspace;

import io.keydb.server.memory.Allocator;
import io.keydb.server.structure.Record;
import io.keydb.server.value.EncodingLimits;
import io.keydb.server.value.Holder;
import io.keydb.server.value.module.ModuleTypes;

/**
 * One key with its record, present or not, as a command works on it: follows the record when it
 * moves. A reusable flyweight.
 *
 * <p>Threads: confined to the lock of the key's partition.
 */
public final class Entry implements Holder {
    private Database database;
    private Key key;
    private long record;

    /** An entry that points nowhere yet. */
    @SuppressWarnings("NullAway.Init") // pointed somewhere before anything else is asked of it
    public Entry() {}

    /** Points at a key and its record, which is 0 when there is none. */
    public Entry set(Database newDatabase, Key newKey, long newRecord) {
        database = newDatabase;
        key = newKey;
        record = newRecord;
        return this;
    }

    public Database database() {
        return database;
    }

    public Key key() {
        return key;
    }

    /** Whether there is a record. */
    public boolean exists() {
        return record != 0;
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
        record = database.newRecord(key, database.shape(type, encoding, false), inlineBytes);
        database.insert(key, record);
        return record;
    }

    @Override
    public long resize(int encoding, long inlineBytes) {
        record = database.resize(key, record, encoding, inlineBytes);
        return record;
    }

    @Override
    public void membersExpire(boolean expire) {
        database.membersExpire(key, record, expire);
    }

    /**
     * The moment as of which the entry is looked at, in unix milliseconds: a replica hides members
     * whose time has come before it.
     */
    public long moment() {
        return database.keyspace().partitionOf(key).moment();
    }

    @Override
    public long restate(int encoding, long inlineBytes) {
        record = database.restate(key, record, encoding, inlineBytes);
        return record;
    }

    @Override
    public void beforeChange() {
        database.beforeChange(key, record);
    }

    /** In place of {@link #beforeChange} where watchers of the key are not told. */
    public void beforeUnwatchedChange() {
        database.beforeUnwatchedChange(key, record);
    }

    /** Removes the key with all its record owns. */
    public void remove() {
        database.remove(key, record);
        record = 0;
    }

    /** Whether the value is of that type; an absent one is of every type. */
    public boolean is(int type) {
        return record == 0 || Record.type(record) == type;
    }
}
