package io.keydb.server.keyspace;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Pages;
import io.keydb.server.structure.RecordTable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One share of the keyspace: a lock, an allocator and the tables of every database for the keys
 * whose slot falls here.
 *
 * <pre>
 *   partition i ── lock ── allocator
 *      database 0: records   expires   tombstones
 *      database 1: records   expires   tombstones
 * </pre>
 *
 * {@code expires} holds the records that have an expiry once more, so that active expiry looks at
 * nothing else; {@code tombstones} remembers the stamps of deleted keys on active nodes.
 *
 * <p>Threads: everything but {@link #lock()} and the sizes is confined to the partition lock.
 */
public final class Partition {
    /** The tables of one database within one partition. */
    static final class Tables {
        final RecordTable records;
        final RecordTable expires;
        final RecordTable tombstones;

        Tables(Allocator allocator) {
            records = new RecordTable(allocator);
            expires = new RecordTable(allocator);
            tombstones = new RecordTable(allocator);
        }
    }

    private final int index;
    private final ReentrantLock lock = new ReentrantLock();
    private final Allocator allocator;
    private final Tables[] tables;
    private @Nullable WatchedKeys watchedKeys;
    private @Nullable ChangeObserver observer;

    Partition(int index, int databases, Pages pages, boolean debug) {
        this.index = index;
        this.allocator = new Allocator(pages, debug);
        this.tables = new Tables[databases];
        for (int i = 0; i < databases; i++) {
            tables[i] = new Tables(allocator);
        }
    }

    public int index() {
        return index;
    }

    public void lock() {
        lock.lock();
    }

    public void unlock() {
        lock.unlock();
    }

    public boolean isLockedByMe() {
        return lock.isHeldByCurrentThread();
    }

    public Allocator allocator() {
        return allocator;
    }

    /** The records of one database in this partition. */
    public RecordTable records(int database) {
        return tables[database].records;
    }

    /** The records among them that expire. */
    public RecordTable expires(int database) {
        return tables[database].expires;
    }

    /** The stamps of keys deleted on an active node. */
    public RecordTable tombstones(int database) {
        return tables[database].tombstones;
    }

    void swap(int first, int second) {
        Tables kept = tables[first];
        tables[first] = tables[second];
        tables[second] = kept;
    }

    /** Who sees changes before they happen, or null. */
    public @Nullable ChangeObserver observer() {
        return observer;
    }

    public void observer(@Nullable ChangeObserver newObserver) {
        observer = newObserver;
    }

    void watch(int database, Key key, Watcher watcher) {
        if (watchedKeys == null) {
            watchedKeys = new WatchedKeys();
        }
        watchedKeys.add(database, key.bytes(), watcher);
    }

    void unwatch(int database, byte[] key, Watcher watcher) {
        if (watchedKeys != null) {
            watchedKeys.remove(database, key, watcher);
            if (watchedKeys.isEmpty()) {
                watchedKeys = null;
            }
        }
    }

    /** The watched keys, or null while nobody watches any. */
    @Nullable WatchedKeys watchedKeys() {
        return watchedKeys;
    }
}
