package io.keydb.server.keyspace;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Reserved;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.support.Clock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One share of the keyspace: a lock, an allocator and the tables of every database for the keys
 * whose slot falls here.
 *
 * <pre>
 *   partition i ── lock ── allocator
 *      database 0: records   expires   tombstones   collections
 *      database 1: records   expires   tombstones   collections
 * </pre>
 *
 * {@code expires} holds the records that have an expiry once more, so that active expiry looks at
 * nothing else; {@code tombstones} remembers the stamps of deleted keys on active nodes; {@code
 * collections} holds the records of which members expire once more.
 *
 * <p>Who holds the lock looks at all keys <em>as of</em> one moment, so that no key expires halfway
 * through a command or a transaction.
 *
 * <p>Threads: everything but {@link #lock()} and the sizes is confined to the partition lock.
 */
public final class Partition {
    /**
     * The moment at which no key has expired: how a replica applies what its primary says, whose
     * clock decides.
     */
    public static final long BEFORE_ANY_EXPIRY = Long.MIN_VALUE;

    /** The tables of one database within one partition. */
    private static final class Tables {
        static final int BYTES = 4 * RecordTable.ROOT_BYTES;

        final long records;
        final long expires;
        final long tombstones;
        final long collections;

        Tables(long roots) {
            records = roots;
            expires = roots + RecordTable.ROOT_BYTES;
            tombstones = expires + RecordTable.ROOT_BYTES;
            collections = tombstones + RecordTable.ROOT_BYTES;
        }
    }

    /** A key that somebody watches no longer. */
    private record Unwatched(int database, byte[] key, Watcher watcher) {}

    private final int index;
    private final ReentrantLock lock = new ReentrantLock();
    private final Clock clock;
    private final Allocator allocator;
    private final Reserved roots;
    private final Tables[] tables;
    private @Nullable WatchedKeys watchedKeys;
    private final Queue<Unwatched> unwatched = new ConcurrentLinkedQueue<>();
    private final WaitedKeys waitedKeys = new WaitedKeys();
    private final Keyspace keyspace;
    private @Nullable ChangeObserver observer;
    private final Discarded discarded;
    private int holds;
    private long asOfMillis;
    private boolean isUntouched;

    Partition(int index, int databases, Keyspace keyspace, boolean debug, Clock clock) {
        this.index = index;
        this.keyspace = keyspace;
        this.clock = clock;
        this.allocator = new Allocator(keyspace.pages(), debug);
        this.discarded = new Discarded(allocator);
        this.roots = new Reserved((long) databases * Tables.BYTES);
        this.tables = new Tables[databases];
        for (int i = 0; i < databases; i++) {
            tables[i] = new Tables(roots.address() + (long) i * Tables.BYTES);
        }
    }

    public int index() {
        return index;
    }

    /** Takes the lock and looks at the keys as of now. */
    public void lock() {
        acquire();
        if (holds++ == 0) {
            asOfMillis = clock.millis();
        }
    }

    /**
     * Takes the lock and looks at the keys as of this moment, in unix milliseconds. Whoever has the
     * lock already goes on with the moment it took it for.
     */
    public void lock(long momentMillis) {
        acquire();
        if (holds++ == 0) {
            asOfMillis = momentMillis;
        }
    }

    private void acquire() {
        if (lock.tryLock()) {
            return;
        }
        LockWait wait = keyspace.lockWait();
        if (wait == null) {
            lock.lock();
            return;
        }
        while (!tryLock(wait.nanos())) {
            wait.waited();
        }
    }

    /**
     * As {@link #lock(long)}, but waits at most so long for somebody else to release it; gives
     * whether it has the lock.
     */
    public boolean tryLock(long momentMillis, long nanos) {
        if (!lock.tryLock() && !tryLock(nanos)) {
            return false;
        }
        if (holds++ == 0) {
            asOfMillis = momentMillis;
        }
        return true;
    }

    private boolean tryLock(long nanos) {
        try {
            return lock.tryLock(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Releases the lock; those who wait for what was touched under it are served before. */
    public void unlock() {
        if (mustWake()) {
            keyspace.wake(1L << index);
        }
        release();
    }

    /** Whether releasing the lock must be preceded by serving waiters. */
    boolean mustWake() {
        return waitedKeys.hasReady() && isHeldOnce();
    }

    /** Whether the next release really releases the lock. */
    boolean isHeldOnce() {
        return holds == 1;
    }

    void release() {
        holds--;
        lock.unlock();
    }

    /** Whether the time of a record has come for who holds the lock. */
    public boolean isExpired(long record) {
        return Record.hasExpiry(record) && Record.expiry(record) < asOfMillis;
    }

    /** The moment as of which who holds the lock looks at all keys, in unix milliseconds. */
    public long moment() {
        return asOfMillis;
    }

    /** From now on keys are looked at as of this moment. Needs the lock. */
    public void moment(long momentMillis) {
        asOfMillis = momentMillis;
    }

    /** Whether what who holds the lock does to keys does not count as an access of them. */
    boolean isUntouched() {
        return isUntouched;
    }

    /** Until said otherwise, keys are used without being accessed. Needs the lock. */
    void untouched(boolean yes) {
        isUntouched = yes;
    }

    public boolean isLockedByMe() {
        return lock.isHeldByCurrentThread();
    }

    public Allocator allocator() {
        return allocator;
    }

    /** The root of the table of the records of one database in this partition. */
    public long records(int database) {
        return tables[database].records;
    }

    /** The root of the table of those records among them that expire. */
    public long expires(int database) {
        return tables[database].expires;
    }

    /** The root of the table of stamps of keys deleted on an active node. */
    public long tombstones(int database) {
        return tables[database].tombstones;
    }

    /** The root of the table of those records whose members expire, and of jobs. */
    public long collections(int database) {
        return tables[database].collections;
    }

    void swap(int first, int second) {
        Tables kept = tables[first];
        tables[first] = tables[second];
        tables[second] = kept;
    }

    /**
     * Frees a record that is in no table any more, with all it owns: at once when that is little,
     * else a slice at a time by {@link #reclaim}.
     */
    void discard(long record) {
        discarded.add(record);
    }

    /** Empties the tables of a database; many records are freed later, by {@link #reclaim}. */
    void clear(int database) {
        RecordTable.release(allocator, expires(database));
        RecordTable.release(allocator, collections(database));
        discarded.addAll(records(database));
        discarded.addAll(tombstones(database));
    }

    /**
     * Frees about so many elements of discarded values.
     *
     * @return what is left of the budget; more than zero when nothing is left to free
     */
    public long reclaim(long budget) {
        return discarded.free(budget);
    }

    /** Values that wait to be freed; any thread, a moment late. */
    public int discardedValues() {
        return discarded.count();
    }

    /** Values and tables freed in slices so far; any thread, a moment late. */
    long freedValues() {
        return discarded.freed();
    }

    void onDiscard(Runnable whenTheFirstComes) {
        discarded.onFirst(whenTheFirstComes);
    }

    /** Who sees changes before they happen, or null. */
    public @Nullable ChangeObserver observer() {
        return observer;
    }

    public void observer(@Nullable ChangeObserver newObserver) {
        observer = newObserver;
    }

    /** The keys for which somebody waits. */
    WaitedKeys waitedKeys() {
        return waitedKeys;
    }

    /** A key that was touched and whose waiters are to be served now, or null. */
    public @Nullable WaitedKey takeReady() {
        return waitedKeys.takeReady();
    }

    /** Number of keys that were touched and whose waiters are not served yet. */
    public int readyKeys() {
        return waitedKeys.readyCount();
    }

    /** Forgets that keys were touched, but for the first so many. */
    public void keepReadyKeys(int kept) {
        waitedKeys.keepReady(kept);
    }

    void watch(int database, Key key, Watcher watcher) {
        dropUnwatched();
        if (watchedKeys == null) {
            watchedKeys = new WatchedKeys();
        }
        watchedKeys.add(database, key.bytes(), watcher);
    }

    /** Takes the lock if that is free; else who watches or unwatches next does the rest. */
    void unwatch(int database, byte[] key, Watcher watcher) {
        unwatched.add(new Unwatched(database, key, watcher));
        if (tryLock(clock.millis(), 0)) {
            try {
                dropUnwatched();
            } finally {
                unlock();
            }
        }
    }

    private void dropUnwatched() {
        Unwatched next = unwatched.poll();
        while (next != null) {
            if (watchedKeys != null) {
                watchedKeys.remove(next.database(), next.key(), next.watcher());
                if (watchedKeys.isEmpty()) {
                    watchedKeys = null;
                }
            }
            next = unwatched.poll();
        }
    }

    /** The watched keys, or null while nobody watches any. */
    @Nullable WatchedKeys watchedKeys() {
        return watchedKeys;
    }
}
