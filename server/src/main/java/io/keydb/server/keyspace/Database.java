package io.keydb.server.keyspace;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.value.Values;

/**
 * One of the numbered databases: the records of its keys over all partitions.
 *
 * <p>The rules every change obeys are kept here and nowhere else: the observer (a snapshot) sees
 * the old version first, watchers of the key are told, the table of expiring records follows the
 * record, and what a replaced or removed record owned is freed.
 *
 * <p>A record address is valid until the next change of its key or the end of the partition lock,
 * whichever comes first.
 *
 * <p>Threads: a method that takes a {@link Key} needs the lock of its partition; the sums may be
 * asked at any time and are then approximate while others write.
 */
public final class Database {
    private final Keyspace keyspace;
    private final int index;
    private volatile long flushStamp;
    private volatile int flushOrigin;

    Database(Keyspace keyspace, int index) {
        this.keyspace = keyspace;
        this.index = index;
    }

    public int index() {
        return index;
    }

    public Keyspace keyspace() {
        return keyspace;
    }

    /** The allocator that owns the memory of the key's partition. */
    public Allocator allocator(Key key) {
        return keyspace.partitionOf(key).allocator();
    }

    /** The record of the key, or 0; counts as an access of it. Expired keys are absent. */
    public long find(Key key) {
        Partition partition = keyspace.partitionOf(key);
        long record = peek(partition, key);
        if (record != 0 && !partition.isUntouched()) {
            keyspace.accesses().accessed(record);
        }
        return record;
    }

    /** A record with the same content takes the place of the old one. */
    private void accessed(Partition partition, long old, long record) {
        if (!partition.isUntouched()) {
            keyspace.accesses().replaced(old, record);
        }
    }

    /** The record of the key, or 0, without counting as an access. Expired keys are absent. */
    public long peek(Key key) {
        return peek(keyspace.partitionOf(key), key);
    }

    private long peek(Partition partition, Key key) {
        long record =
                RecordTable.find(partition.records(index), key.hash(), key.address(), key.length());
        if (record != 0 && partition.isExpired(record)) {
            expire(key, record);
            return 0;
        }
        return record != 0 && Record.membersExpire(record) ? withoutDue(key, record) : record;
    }

    private long withoutDue(Key key, long record) {
        return keyspace.expiryMode() == ExpiryMode.HIDE || Record.type(record) == Record.CRON
                ? record
                : keyspace.removals().expireMembers(this, key, record, Long.MAX_VALUE);
    }

    /** The record of the key even when its time has come, or 0. */
    public long stored(Key key) {
        long records = keyspace.partitionOf(key).records(index);
        return RecordTable.find(records, key.hash(), key.address(), key.length());
    }

    /** A shape for new records of this keyspace: with an access field, stamped on active nodes. */
    public int shape(int type, int encoding, boolean expiry) {
        return Record.shape(type, encoding, expiry, keyspace.isStamped(), true);
    }

    /**
     * Makes a record of this key that is in no table yet; its value is to be written, its expiry to
     * be set.
     *
     * @param inlineBytes bytes of the value within the record
     */
    public long newRecord(Key key, int shape, long inlineBytes) {
        return Record.create(allocator(key), shape, key.address(), key.length(), inlineBytes);
    }

    /** Adds the record of a key that is absent, or expired and only hidden so far. */
    public void insert(Key key, long record) {
        Partition partition = keyspace.partitionOf(key);
        if (keyspace.expiryMode() == ExpiryMode.HIDE) {
            removeHidden(key);
        }
        changing(partition, key, 0);
        keyspace.accesses().inserted(record);
        RecordTable.insert(partition.allocator(), partition.records(index), key.hash(), record);
        if (Record.hasExpiry(record)) {
            RecordTable.insert(partition.allocator(), partition.expires(index), key.hash(), record);
        }
        if (Record.membersExpire(record)) {
            follow(partition.allocator(), partition.collections(index), key, 0, record);
        }
        keyspace.events().tell(EventClass.NEW, "new", this, key);
    }

    /**
     * Adds a key that is absent, with a copy of the value and the expiry of another key's record.
     */
    public void insertCopy(Key key, long source) {
        int shape = shape(Record.type(source), Record.encoding(source), Record.hasExpiry(source));
        long record = newRecord(key, shape, Record.valueLength(source));
        Values.copy(allocator(key), source, record);
        if (Record.hasExpiry(source)) {
            Record.setExpiry(record, Record.expiry(source));
        }
        insert(key, record);
    }

    /** Puts a new record in the place of the old one and frees the old one with all it owned. */
    public void replace(Key key, long old, long record) {
        Partition partition = keyspace.partitionOf(key);
        changing(partition, key, old);
        keyspace.accesses().replaced(old, record);
        relink(partition, key, old, record);
        partition.discard(old);
    }

    /**
     * Puts a new record in the place of the old one; what the old one owned belongs to the new one
     * now, only the old record itself is freed.
     */
    public void move(Key key, long old, long record) {
        Partition partition = keyspace.partitionOf(key);
        changing(partition, key, old);
        accessed(partition, old, record);
        relink(partition, key, old, record);
        partition.allocator().free(old, Record.sizeOf(old));
    }

    /**
     * Gives the record of a key another encoding or length of its value; keeps all else, and as
     * many bytes of the value as there were and are. Gives the record, which may have moved.
     */
    public long resize(Key key, long record, int encoding, long inlineBytes) {
        changing(keyspace.partitionOf(key), key, record);
        return resized(key, record, encoding, inlineBytes);
    }

    /**
     * As {@link #resize}, for a value that goes on saying the same: watchers of the key are not
     * told.
     */
    public long restate(Key key, long record, int encoding, long inlineBytes) {
        observed(keyspace.partitionOf(key), key, record);
        return resized(key, record, encoding, inlineBytes);
    }

    private long resized(Key key, long record, int encoding, long inlineBytes) {
        Allocator allocator = allocator(key);
        if (Record.encoding(record) == encoding
                && Record.resizeInPlace(allocator, record, inlineBytes)) {
            return record;
        }
        boolean expires = Record.hasExpiry(record);
        long moved = reshaped(key, record, encoding, inlineBytes, expires);
        if (expires) {
            Record.setExpiry(moved, Record.expiry(record));
        }
        accessed(keyspace.partitionOf(key), record, moved);
        relink(keyspace.partitionOf(key), key, record, moved);
        allocator.free(record, Record.sizeOf(record));
        return moved;
    }

    /** Must precede every change within a record or within what it owns. */
    public void beforeChange(Key key, long record) {
        changing(keyspace.partitionOf(key), key, record);
    }

    /**
     * Must precede every change within what a record owns of which watchers of the key are not
     * told: that of a stream's consumer groups.
     */
    public void beforeUnwatchedChange(Key key, long record) {
        observed(keyspace.partitionOf(key), key, record);
    }

    /** Lets those who wait for the key try again when the unit is over. */
    public void wake(Key key) {
        WaitedKeys waited = keyspace.partitionOf(key).waitedKeys();
        if (waited.count() != 0) {
            waited.touched(this, key);
        }
    }

    /** Removes the key; false when it was absent or had expired. */
    public boolean delete(Key key) {
        long record = peek(key);
        if (record == 0) {
            return false;
        }
        remove(key, record);
        return true;
    }

    /** Removes the key and its record with all it owns. */
    public void remove(Key key, long record) {
        detach(key, record);
        keyspace.partitionOf(key).discard(record);
    }

    /** Removes the key; its record is in no table any more and is to be discarded. */
    void detach(Key key, long record) {
        Partition partition = keyspace.partitionOf(key);
        changing(partition, key, record);
        unlink(partition, key, record);
    }

    /** Sets when the key expires, in unix milliseconds; gives the record, which may have moved. */
    public long setExpiry(Key key, long record, long unixMillis) {
        if (Record.hasExpiry(record)) {
            beforeChange(key, record);
            Record.setExpiry(record, unixMillis);
            return record;
        }
        long moved = reshaped(key, record, true);
        Record.setExpiry(moved, unixMillis);
        move(key, record, moved);
        return moved;
    }

    /** Takes the expiry away; gives the record, which may have moved. */
    public long persist(Key key, long record) {
        if (!Record.hasExpiry(record)) {
            return record;
        }
        long moved = reshaped(key, record, false);
        move(key, record, moved);
        return moved;
    }

    /** Says whether members of the key's collection expire; the record stays where it is. */
    void membersExpire(Key key, long record, boolean expire) {
        Partition partition = keyspace.partitionOf(key);
        long before = Record.membersExpire(record) ? record : 0;
        long now = expire ? record : 0;
        Record.setMembersExpire(record, expire);
        follow(partition.allocator(), partition.collections(index), key, before, now);
    }

    /** Number of keys, those included that have expired but are not removed yet. */
    public long size() {
        long sum = 0;
        for (int i = 0; i < keyspace.partitions(); i++) {
            sum += RecordTable.size(keyspace.partition(i).records(index));
        }
        return sum;
    }

    /** Number of keys that have an expiry. */
    public long expiringSize() {
        long sum = 0;
        for (int i = 0; i < keyspace.partitions(); i++) {
            sum += RecordTable.size(keyspace.partition(i).expires(index));
        }
        return sum;
    }

    /** Number of tombstones; only active nodes have any. */
    public long tombstoneCount() {
        long sum = 0;
        for (int i = 0; i < keyspace.partitions(); i++) {
            sum += RecordTable.size(keyspace.partition(i).tombstones(index));
        }
        return sum;
    }

    /** Tells the watcher when the key changes. */
    public void watch(Key key, Watcher watcher) {
        keyspace.partitionOf(key).watch(index, key, watcher);
    }

    /** Ends what {@link #watch} began, for a key of this partition. */
    public void unwatch(Partition partition, byte[] key, Watcher watcher) {
        partition.unwatch(index, key, watcher);
    }

    /** Puts somebody at the end of the queue of those who wait for the key. */
    public KeyWait await(Key key, KeyWaiter waiter) {
        return keyspace.partitionOf(key).waitedKeys().add(this, key, waiter);
    }

    /**
     * Writes the stamp of a change on what the key is now: on its record, or, when it was deleted,
     * on a tombstone.
     */
    public void stamp(Key key, long stamp, int origin) {
        long record = stored(key);
        if (record == 0) {
            bury(key, stamp, origin);
        } else {
            Record.setStamp(record, stamp, origin);
            forgetTombstone(key);
        }
    }

    /** Notes the stamp of the change that removed all keys: the tombstone of the whole database. */
    public void flushed(long stamp, int origin) {
        flushStamp = stamp;
        flushOrigin = origin;
    }

    /** The stamp of the last change that removed all keys, or 0. */
    public long flushStamp() {
        return flushStamp;
    }

    /** The origin of the change that removed all keys. */
    public int flushOrigin() {
        return flushOrigin;
    }

    /** The tombstone of the key, or 0. */
    public long tombstone(Key key) {
        long tombstones = keyspace.partitionOf(key).tombstones(index);
        return RecordTable.size(tombstones) == 0
                ? 0
                : RecordTable.find(tombstones, key.hash(), key.address(), key.length());
    }

    /** Remembers that the key was deleted by a change with this stamp. */
    public void bury(Key key, long stamp, int origin) {
        Partition partition = keyspace.partitionOf(key);
        long tombstone = tombstone(key);
        if (tombstone == 0) {
            int shape = Record.shape(Record.TOMBSTONE, Record.EMPTY, false, true, false);
            tombstone = Record.create(partition.allocator(), shape, key.address(), key.length(), 0);
            RecordTable.insert(
                    partition.allocator(), partition.tombstones(index), key.hash(), tombstone);
        }
        Record.setStamp(tombstone, stamp, origin);
    }

    /** Drops the tombstone of the key, if there is one. */
    public void forgetTombstone(Key key) {
        long tombstone = tombstone(key);
        if (tombstone != 0) {
            Partition partition = keyspace.partitionOf(key);
            RecordTable.remove(
                    partition.allocator(), partition.tombstones(index), key.hash(), tombstone);
            partition.allocator().free(tombstone, Record.sizeOf(tombstone));
        }
    }

    private void expire(Key key, long record) {
        switch (keyspace.expiryMode()) {
            case HIDE -> {}
            case REMOVE, REMOVE_AND_BURY -> keyspace.removals().expireNow(this, key, record);
        }
    }

    private void removeHidden(Key key) {
        long hidden = stored(key);
        if (hidden != 0) {
            remove(key, hidden);
        }
    }

    private void observed(Partition partition, Key key, long record) {
        assert partition.isLockedByMe();
        ChangeObserver observer = partition.observer();
        if (observer != null) {
            observer.beforeChange(index, key, record);
        }
    }

    private void changing(Partition partition, Key key, long record) {
        observed(partition, key, record);
        WatchedKeys watched = partition.watchedKeys();
        if (watched != null) {
            watched.invalidate(index, key);
        }
        WaitedKeys waited = partition.waitedKeys();
        if (waited.count() != 0) {
            waited.touched(this, key);
        }
        KeyTracker tracker = keyspace.tracker();
        if (tracker != null) {
            tracker.changing(partition, key);
        }
    }

    private void relink(Partition partition, Key key, long old, long record) {
        RecordTable.replace(partition.records(index), key.hash(), old, record);
        long before = Record.hasExpiry(old) ? old : 0;
        long now = Record.hasExpiry(record) ? record : 0;
        follow(partition.allocator(), partition.expires(index), key, before, now);
        before = Record.membersExpire(old) ? old : 0;
        now = Record.membersExpire(record) ? record : 0;
        follow(partition.allocator(), partition.collections(index), key, before, now);
    }

    /** Lets a table follow the record of a key; 0 before or now says that it is not in there. */
    private static void follow(Allocator allocator, long table, Key key, long before, long now) {
        if (before != 0 && now != 0) {
            RecordTable.replace(table, key.hash(), before, now);
        } else if (before != 0) {
            RecordTable.remove(allocator, table, key.hash(), before);
        } else if (now != 0) {
            RecordTable.insert(allocator, table, key.hash(), now);
        }
    }

    private void unlink(Partition partition, Key key, long record) {
        RecordTable.remove(partition.allocator(), partition.records(index), key.hash(), record);
        if (Record.hasExpiry(record)) {
            RecordTable.remove(partition.allocator(), partition.expires(index), key.hash(), record);
        }
        if (Record.membersExpire(record)) {
            follow(partition.allocator(), partition.collections(index), key, record, 0);
        }
    }

    /** A copy of the record, apart from what it owns, with or without an expiry field. */
    private long reshaped(Key key, long record, boolean expiry) {
        return reshaped(key, record, Record.encoding(record), Record.valueLength(record), expiry);
    }

    private long reshaped(Key key, long record, int encoding, long valueLength, boolean expiry) {
        int shape =
                Record.shape(Record.type(record), encoding, expiry, Record.hasStamp(record), true);
        long moved = newRecord(key, shape, valueLength);
        long kept = Math.min(Record.valueLength(record), Record.valueLength(moved));
        Memory.copy(Record.valueAddress(record), Record.valueAddress(moved), kept);
        Record.setAccess(moved, Record.access(record));
        if (encoding == Record.encoding(record)) {
            Record.setMembersExpire(moved, Record.membersExpire(record));
        }
        if (Record.hasStamp(record)) {
            Record.setStamp(moved, Record.stamp(record), Record.origin(record));
        }
        return moved;
    }
}
