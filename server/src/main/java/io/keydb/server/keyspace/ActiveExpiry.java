package io.keydb.server.keyspace;

import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.value.Members;
import io.keydb.server.value.cron.CronJob;
import java.util.Arrays;

/**
 * Removes keys, and members of collections, whose time has come although nobody asks for them, and
 * tells of jobs that are due. Each cycle goes on where the last one stopped, through the tables of
 * expiring records only, one segment under one lock at a time, and ends when its time budget is
 * spent or everything was seen once.
 *
 * <p>Threads: one cycle at a time; takes partition locks itself.
 */
public final class ActiveExpiry {
    /** So many members of one collection are removed under one lock. */
    private static final long MEMBERS_PER_SLICE = 200;

    private final Keyspace keyspace;
    private final KeptKey kept;
    private long[] expired = new long[512];
    private int expiredCount;
    private int partition;
    private int database;
    private boolean inCollections;
    private long cursor;
    private volatile DueJobs dueJobs = (of, key, record) -> {};
    private volatile boolean enabled = true;
    private volatile long removed;
    private volatile long spentNanos;
    private volatile long cut;

    public ActiveExpiry(Keyspace keyspace) {
        this.keyspace = keyspace;
        this.kept = new KeptKey(keyspace.pages());
    }

    /** Switches the cycle on or off, as DEBUG SET-ACTIVE-EXPIRE asks for. */
    public void enabled(boolean on) {
        enabled = on;
    }

    /** Who is told of jobs that are due; they are told of again until they are changed. */
    public void dueJobs(DueJobs listener) {
        dueJobs = listener;
    }

    /** Keys removed since the start. */
    public long removed() {
        return removed;
    }

    /** Time spent on cycles since the start. */
    public long spentNanos() {
        return spentNanos;
    }

    /** Cycles that ended because their time was up. */
    public long cut() {
        return cut;
    }

    /** Runs one cycle of at most about {@code budgetNanos}. */
    public void cycle(long budgetNanos) {
        if (!enabled || keyspace.standsStill()) {
            return;
        }
        if (keyspace.expiryMode() == ExpiryMode.HIDE) {
            keyspace.localKeys().expire();
            return;
        }
        long start = keyspace.clock().nanos();
        if (!isDoneWithin(start, budgetNanos)) {
            cut++;
        }
        spentNanos += keyspace.clock().nanos() - start;
    }

    private boolean isDoneWithin(long startNanos, long budgetNanos) {
        int tables = keyspace.partitions() * keyspace.databases() * 2;
        int visited = 0;
        while (visited < tables) {
            if (slice()) {
                visited++;
            }
            if (keyspace.clock().nanos() - startNanos > budgetNanos) {
                return false;
            }
        }
        return true;
    }

    /** Handles one segment; true when it was the last one of its table. */
    private boolean slice() {
        Partition current = keyspace.partition(partition);
        if (RecordTable.size(table(current)) > 0) {
            current.lock();
            try {
                expiredCount = 0;
                // The table is asked for again under the lock: SWAPDB may have exchanged it.
                long next =
                        RecordTable.walk(
                                table(current),
                                cursor,
                                record -> {
                                    if (isDue(current, record)) {
                                        collect(record);
                                    }
                                });
                if (!inCollections) {
                    removeCollected();
                    cursor = next;
                } else if (removeMembers(current)) {
                    cursor = next;
                } else {
                    return false;
                }
            } finally {
                current.unlock();
            }
        } else {
            cursor = 0;
        }
        if (cursor != 0) {
            return false;
        }
        nextTable();
        return true;
    }

    private long table(Partition current) {
        return inCollections ? current.collections(database) : current.expires(database);
    }

    private boolean isDue(Partition current, long record) {
        if (!inCollections) {
            return current.isExpired(record);
        }
        return Record.type(record) == Record.CRON
                ? CronJob.due(record) <= current.moment()
                : Members.due(Record.number(record), current.moment()) != 0;
    }

    /**
     * Removes some members of every collection found, tells of every job; false when there are more
     * to remove.
     */
    private boolean removeMembers(Partition current) {
        boolean all = true;
        for (int i = 0; i < expiredCount; i++) {
            long record = expired[i];
            Key key = kept.keep(Record.keyAddress(record), Record.keyLength(record));
            Database of = keyspace.database(database);
            if (Record.type(record) == Record.CRON) {
                dueJobs.due(of, key, record);
                continue;
            }
            long left = keyspace.removals().expireMembers(of, key, record, MEMBERS_PER_SLICE);
            all &= left == 0 || Members.due(Record.number(left), current.moment()) == 0;
        }
        return all;
    }

    private void collect(long record) {
        if (expiredCount == expired.length) {
            expired = Arrays.copyOf(expired, expired.length * 2);
        }
        expired[expiredCount++] = record;
    }

    private void removeCollected() {
        for (int i = 0; i < expiredCount; i++) {
            long record = expired[i];
            Key key = kept.keep(Record.keyAddress(record), Record.keyLength(record));
            keyspace.removals().expireNow(keyspace.database(database), key, record);
        }
        removed += expiredCount;
    }

    private void nextTable() {
        inCollections = !inCollections;
        if (inCollections) {
            return;
        }
        database++;
        if (database == keyspace.databases()) {
            database = 0;
            partition = (partition + 1) % keyspace.partitions();
        }
    }
}
