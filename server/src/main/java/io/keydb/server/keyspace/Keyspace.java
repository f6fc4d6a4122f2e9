package io.keydb.server.keyspace;

import io.keydb.server.memory.Pages;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.support.Clock;
import io.keydb.server.value.EncodingLimits;
import io.keydb.server.value.module.ModuleTypes;
import org.jspecify.annotations.Nullable;

/**
 * All databases, cut into partitions.
 *
 * <pre>
 *              partition 0   partition 1   …  partition n-1      (partition = slot of the key, masked)
 *   lock            0             1               n-1
 *   database 0   tables        tables          tables
 *   database 1   tables        tables          tables
 * </pre>
 *
 * <p>Partition <i>i</i> of every database shares lock <i>i</i>, so a command that names two
 * databases (MOVE, COPY) needs no more locks than one that names two keys. There are at most 64
 * partitions, so that a set of them is one {@code long}. Sets of locks are always taken in
 * ascending order.
 *
 * <p>Threads: safe; each method says which locks it needs or takes.
 */
public final class Keyspace {
    /** Enough for the event loops of one machine, few enough to keep half-filled pages rare. */
    public static final int MOST_PARTITIONS = 64;

    private static final long RECLAIMED_PER_SLICE = 1000;

    private final Partition[] partitions;
    private final Database[] databases;
    private final Pages pages;
    private final Clock clock;
    private final ThreadLocal<@Nullable LockWait> lockWaits = new ThreadLocal<>();
    private final EncodingLimits limits = new EncodingLimits();
    private final KeyspaceEvents events = new KeyspaceEvents();
    private final Turnstile turnstile = new Turnstile();
    private final LazyFreeing lazyFreeing = new LazyFreeing();
    private final AccessClock accesses;
    private final int mask;
    private final boolean stamped;
    private volatile ExpiryMode expiryMode;
    private final LocalKeys localKeys = new LocalKeys(this);
    private final Removals removals = new Removals(this);
    private final Traversal traversal = new Traversal(this);
    private ExpiryMode ownExpiryMode;
    private volatile boolean standsStill;
    private volatile long freedAtReset;
    private volatile Waker waker = touched -> {};
    private volatile @Nullable KeyTracker tracker;
    private volatile ModuleTypes moduleTypes = ModuleTypes.NONE;

    /**
     * @param partitionCount a power of two, 1 to 64
     * @param stamped whether records carry the stamp of their last change (active nodes)
     */
    public Keyspace(
            int databaseCount, int partitionCount, boolean stamped, boolean debug, Clock clock) {
        if (partitionCount < 1
                || partitionCount > MOST_PARTITIONS
                || Integer.bitCount(partitionCount) != 1) {
            throw new IllegalArgumentException("partitions: a power of two up to 64");
        }
        this.pages = new Pages();
        this.clock = clock;
        this.accesses = new AccessClock(clock);
        this.stamped = stamped;
        this.mask = partitionCount - 1;
        this.ownExpiryMode = stamped ? ExpiryMode.REMOVE_AND_BURY : ExpiryMode.REMOVE;
        this.expiryMode = ownExpiryMode;
        this.partitions = new Partition[partitionCount];
        for (int i = 0; i < partitionCount; i++) {
            partitions[i] = new Partition(i, databaseCount, this, debug, clock);
        }
        this.databases = new Database[databaseCount];
        for (int i = 0; i < databaseCount; i++) {
            databases[i] = new Database(this, i);
        }
    }

    public int databases() {
        return databases.length;
    }

    public Database database(int index) {
        return databases[index];
    }

    public int partitions() {
        return partitions.length;
    }

    public Partition partition(int index) {
        return partitions[index];
    }

    public Partition partitionOf(Key key) {
        return partitions[key.slot() & mask];
    }

    /** The bit of the key's partition in a set of partitions. */
    public long partitionBit(Key key) {
        return 1L << (key.slot() & mask);
    }

    /** The set of all partitions. */
    public long allPartitions() {
        return partitions.length == MOST_PARTITIONS ? -1L : (1L << partitions.length) - 1;
    }

    /** Takes the locks of a set of partitions, lowest first. */
    public void lock(long partitionSet) {
        long locked = 0;
        try {
            for (long rest = partitionSet; rest != 0; rest &= rest - 1) {
                int index = Long.numberOfTrailingZeros(rest);
                partitions[index].lock();
                locked |= 1L << index;
            }
        } finally {
            unlockUnlessAll(locked, partitionSet);
        }
    }

    /** As {@link #lock(long)}, looking at the keys as of this moment, in unix milliseconds. */
    public void lock(long partitionSet, long momentMillis) {
        long locked = 0;
        try {
            for (long rest = partitionSet; rest != 0; rest &= rest - 1) {
                int index = Long.numberOfTrailingZeros(rest);
                partitions[index].lock(momentMillis);
                locked |= 1L << index;
            }
        } finally {
            unlockUnlessAll(locked, partitionSet);
        }
    }

    /** Somebody has ended the waiting for a lock: none is kept. */
    private void unlockUnlessAll(long locked, long wanted) {
        if (locked != wanted) {
            unlock(locked);
        }
    }

    /** How this thread waits for locks that others hold; null: as long as it takes. */
    public @Nullable LockWait lockWait() {
        return lockWaits.get();
    }

    /** Says how this thread waits for locks from now on; null: as long as it takes. */
    public void lockWait(@Nullable LockWait wait) {
        if (wait == null) {
            lockWaits.remove();
        } else {
            lockWaits.set(wait);
        }
    }

    /**
     * As {@link #lock(long, long)}, for event loops: waits at most so long for each lock; gives
     * whether it has all of them. If not, it has none.
     */
    public boolean tryLock(long partitionSet, long momentMillis, long nanosEach) {
        turnstile.enter(partitionSet);
        for (long rest = partitionSet; rest != 0; rest &= rest - 1) {
            int index = Long.numberOfTrailingZeros(rest);
            if (!partitions[index].tryLock(momentMillis, nanosEach)) {
                unlock(partitionSet & ((1L << index) - 1));
                turnstile.leave(partitionSet);
                return false;
            }
        }
        return true;
    }

    /**
     * Releases what {@link #lock(long)} took; those who wait for what was touched under the locks
     * are served before, while all of them are held.
     */
    public void unlock(long partitionSet) {
        boolean touched = false;
        long released = 0;
        for (long rest = partitionSet; rest != 0; rest &= rest - 1) {
            Partition partition = partitions[Long.numberOfTrailingZeros(rest)];
            touched |= partition.mustWake();
            released |= partition.isHeldOnce() ? 1L << partition.index() : 0;
        }
        if (touched) {
            wake(released);
        }
        release(partitionSet);
    }

    /** Releases locks without serving anybody: for who has done so. */
    public void release(long partitionSet) {
        for (long rest = partitionSet; rest != 0; rest &= rest - 1) {
            partitions[Long.numberOfTrailingZeros(rest)].release();
        }
        turnstile.leave(partitionSet);
    }

    /** Who serves those that wait for keys; before the first of them. */
    public void waker(Waker newWaker) {
        waker = newWaker;
    }

    void wake(long partitionSet) {
        waker.wake(partitionSet);
    }

    /** Number of keys for which somebody waits; a moment late. */
    public long waitedKeys() {
        long sum = 0;
        for (Partition partition : partitions) {
            sum += partition.waitedKeys().count();
        }
        return sum;
    }

    /** Number of keys among them for whose end somebody waits; a moment late. */
    public long keysWaitedToEnd() {
        long sum = 0;
        for (Partition partition : partitions) {
            sum += partition.waitedKeys().countWithoutValue();
        }
        return sum;
    }

    /** Whether this thread holds the lock of any partition. */
    public boolean isLockedByMe() {
        for (Partition partition : partitions) {
            if (partition.isLockedByMe()) {
                return true;
            }
        }
        return false;
    }

    /** Says of all partitions this thread has locked whether using keys is no access of them. */
    public void untouched(boolean yes) {
        for (Partition partition : partitions) {
            if (partition.isLockedByMe()) {
                partition.untouched(yes);
            }
        }
    }

    public Pages pages() {
        return pages;
    }

    public Clock clock() {
        return clock;
    }

    /** Where it is told what happens to keys. */
    public KeyspaceEvents events() {
        return events;
    }

    /** How replicas are told that keys are gone. */
    public LazyFreeing lazyFreeing() {
        return lazyFreeing;
    }

    /** At which sizes the small forms of values end. */
    public EncodingLimits limits() {
        return limits;
    }

    /** The types that modules have brought. */
    public ModuleTypes moduleTypes() {
        return moduleTypes;
    }

    /** Connects the modules; before the first data. */
    public void moduleTypes(ModuleTypes types) {
        moduleTypes = types;
    }

    /** Whether records carry the stamp of their last change. */
    public boolean isStamped() {
        return stamped;
    }

    /** Keys that a primary does not know of. */
    public LocalKeys localKeys() {
        return localKeys;
    }

    /** Removes keys whose time has come, or to make room. */
    public Removals removals() {
        return removals;
    }

    /** Visits keys without the locks of all partitions. */
    public Traversal traversal() {
        return traversal;
    }

    /** What is done with expired keys now. */
    public ExpiryMode expiryMode() {
        return expiryMode;
    }

    public synchronized void expiryMode(ExpiryMode mode) {
        ownExpiryMode = mode;
        localKeys.clear();
        standsStill(standsStill);
    }

    /** Whether nothing may change by itself: expired keys are only hidden, nothing is evicted. */
    public boolean standsStill() {
        return standsStill;
    }

    public synchronized void standsStill(boolean yes) {
        standsStill = yes;
        expiryMode = yes ? ExpiryMode.HIDE : ownExpiryMode;
    }

    /** Brings the access clock up to date; called a few times a second. */
    public void tick() {
        accesses.tick();
    }

    /** What the access fields of records say. */
    public AccessClock accesses() {
        return accesses;
    }

    /** Who hears of all changes of keys, or null. */
    public @Nullable KeyTracker tracker() {
        return tracker;
    }

    public void tracker(@Nullable KeyTracker newTracker) {
        tracker = newTracker;
    }

    /** Says that all keys may have changed: who flushes or exchanges databases. Needs all locks. */
    public void allChanging() {
        KeyTracker current = tracker;
        if (current != null) {
            current.allChanging();
        }
    }

    /** Exchanges two databases. Needs all locks. */
    public void swap(int first, int second) {
        if (first == second) {
            return;
        }
        for (Partition partition : partitions) {
            invalidateSwapped(partition, first, second);
            invalidateSwapped(partition, second, first);
            partition.waitedKeys().allTouched(databases[first]);
            partition.waitedKeys().allTouched(databases[second]);
            ChangeObserver observer = partition.observer();
            if (observer != null) {
                observer.beforeClear(first);
                observer.beforeClear(second);
            }
        }
        for (Partition partition : partitions) {
            partition.swap(first, second);
        }
    }

    /**
     * Removes all keys of a database with all they own. Needs all locks; gives how many they were.
     */
    public long clear(int database) {
        long removed = databases[database].size();
        for (Partition partition : partitions) {
            partition.waitedKeys().allTouched(databases[database]);
            ChangeObserver observer = partition.observer();
            if (observer != null) {
                observer.beforeClear(database);
            }
            WatchedKeys watched = partition.watchedKeys();
            if (watched != null) {
                try (KeptKey kept = new KeptKey(pages)) {
                    watched.invalidateAll(
                            database, bytes -> holds(partition.records(database), kept, bytes));
                }
            }
        }
        for (Partition partition : partitions) {
            partition.clear(database);
        }
        return removed;
    }

    /**
     * Runs something whenever a big value was discarded and none waited to be freed: it should see
     * to it that {@link #reclaim} is called soon. It is called under the lock of a partition.
     */
    public void onDiscard(Runnable reclaimSoon) {
        for (Partition partition : partitions) {
            partition.onDiscard(reclaimSoon);
        }
    }

    /** Big values that were discarded and are not freed yet. */
    public long discardedValues() {
        long sum = 0;
        for (Partition partition : partitions) {
            sum += partition.discardedValues();
        }
        return sum;
    }

    /** Big values that were discarded and freed since the start or the last reset. */
    public long freedValues() {
        long sum = 0;
        for (Partition partition : partitions) {
            sum += partition.freedValues();
        }
        return sum - freedAtReset;
    }

    /** Lets {@link #freedValues} start at 0 again. */
    public synchronized void resetFreedValues() {
        freedAtReset += freedValues();
    }

    /** Frees all discarded values, under the lock of one partition for one slice at a time. */
    public void reclaim() {
        for (Partition partition : partitions) {
            while (partition.discardedValues() > 0) {
                partition.lock();
                try {
                    partition.reclaim(RECLAIMED_PER_SLICE);
                } finally {
                    partition.unlock();
                }
            }
        }
    }

    /** Frees all memory. Needs all locks; the keyspace is unusable afterwards. */
    public void close() {
        for (int i = 0; i < databases.length; i++) {
            clear(i);
        }
        reclaim();
        for (Partition partition : partitions) {
            partition.allocator().close();
        }
        pages.close();
    }

    /** Bytes that records, tables and values take, all partitions together. */
    public long allocatedBytes() {
        long sum = 0;
        for (Partition partition : partitions) {
            sum += partition.allocator().allocatedBytes();
        }
        return sum;
    }

    /** Bytes of the memory in which {@link #allocatedBytes} lies. */
    public long committedBytes() {
        long sum = 0;
        for (Partition partition : partitions) {
            sum += partition.allocator().committedBytes();
        }
        return sum;
    }

    private void invalidateSwapped(Partition partition, int from, int to) {
        WatchedKeys watched = partition.watchedKeys();
        if (watched != null) {
            try (KeptKey kept = new KeptKey(pages)) {
                watched.invalidateAll(
                        from,
                        bytes -> {
                            Key key = kept.keep(bytes);
                            // What has expired is removed by asking, so it comes not back as stale.
                            boolean was = databases[from].peek(key) != 0;
                            boolean willBe = databases[to].peek(key) != 0;
                            return was || willBe;
                        });
            }
        }
    }

    private static boolean holds(long records, KeptKey kept, byte[] bytes) {
        Key key = kept.keep(bytes);
        return RecordTable.find(records, key.hash(), key.address(), key.length()) != 0;
    }
}
