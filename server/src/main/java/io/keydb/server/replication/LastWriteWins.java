package io.keydb.server.replication;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Draft;
import io.keydb.server.keyspace.KeptKey;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.log.Origins;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordTable;
import java.util.Arrays;

/**
 * The rule by which active nodes converge: of two states of a key the one with the later stamp
 * stays, with equal stamps that of the greater origin. Deleted keys have a state, too: their
 * tombstone; an emptied database is a tombstone for all its keys.
 *
 * <p>A state that equals the present one in stamp and origin is applied again: commands of one unit
 * share a stamp, and the last one of them counts. Applying a state twice changes nothing, and any
 * order of states ends in the same data.
 *
 * <p>Threads: a method that takes a {@link Key} needs the lock of its partition; {@link #flush}
 * takes locks itself.
 */
public final class LastWriteWins {
    private final Keyspace keyspace;
    private final Origins origins;

    public LastWriteWins(Keyspace keyspace, Origins origins) {
        this.keyspace = keyspace;
        this.origins = origins;
    }

    /** A change that arrives. */
    record Change(long stamp, int origin) {}

    /** Gives the key this state unless a later change is known; tells whether it did. */
    boolean put(Database database, Key key, KeyState state, Change change) throws RdbException {
        long old = database.stored(key);
        if (!wins(database, key, old, change)) {
            return false;
        }
        try (Draft draft = draft(database, key, state)) {
            if (!state.build(draft)) {
                return false;
            }
            Record.setStamp(draft.record(), change.stamp(), change.origin());
            draft.publish();
        }
        database.forgetTombstone(key);
        return true;
    }

    private static Draft draft(Database database, Key key, KeyState state) {
        return state.hasExpiry()
                ? new Draft(database, key, state.expiryMillis())
                : new Draft(database, key);
    }

    /** Removes the key unless a later change is known; tells whether it did. */
    boolean delete(Database database, Key key, Change change) {
        long old = database.stored(key);
        if (!wins(database, key, old, change)) {
            return false;
        }
        if (old != 0) {
            database.remove(key, old);
        }
        database.bury(key, change.stamp(), change.origin());
        return true;
    }

    /**
     * Empties the database of all that is older than the change; locks one partition at a time, a
     * few hundred keys long.
     *
     * @return whether nothing was later
     */
    boolean flush(Database database, Change change) {
        if (isLaterThanFlush(database, change)) {
            database.flushed(change.stamp(), change.origin());
        }
        boolean all = true;
        try (Removal removal = new Removal(database, change)) {
            for (int i = 0; i < keyspace.partitions(); i++) {
                all &= removal.run(keyspace.partition(i));
            }
        }
        return all;
    }

    /** Whether the database is not known to have been emptied at that time or later. */
    boolean isLaterThanFlush(Database database, Change change) {
        return compare(change, database.flushStamp(), database.flushOrigin()) > 0;
    }

    /** Whether a change is later than what is known of the key. */
    boolean isLatest(Database database, Key key, Change change) {
        return wins(database, key, database.stored(key), change);
    }

    private boolean wins(Database database, Key key, long record, Change change) {
        if (compare(change, database.flushStamp(), database.flushOrigin()) < 0) {
            return false;
        }
        long present = record != 0 ? record : database.tombstone(key);
        return present == 0 || compare(change, Record.stamp(present), Record.origin(present)) >= 0;
    }

    private int compare(Change change, long stamp, int origin) {
        return origins.compare(change.stamp(), change.origin(), stamp, origin);
    }

    /** The removal of the older records and tombstones of one database. */
    private final class Removal implements AutoCloseable {
        private final Database database;
        private final Change change;
        private final KeptKey kept;
        private long[] older = new long[512];
        private int count;
        private boolean foundLater;

        Removal(Database database, Change change) {
            this.database = database;
            this.change = change;
            this.kept = new KeptKey(keyspace.pages());
        }

        /** Tells whether there was nothing later. */
        boolean run(Partition partition) {
            foundLater = false;
            long records = partition.records(database.index());
            walk(partition, records, record -> database.remove(key(record), record));
            boolean none = !foundLater;
            long tombstones = partition.tombstones(database.index());
            walk(partition, tombstones, tombstone -> database.forgetTombstone(key(tombstone)));
            return none;
        }

        private void walk(Partition partition, long table, Remover remover) {
            long cursor = 0;
            do {
                partition.lock();
                try {
                    count = 0;
                    cursor = RecordTable.walk(table, cursor, this::collect);
                    for (int i = 0; i < count; i++) {
                        remover.remove(older[i]);
                    }
                } finally {
                    partition.unlock();
                }
            } while (cursor != 0);
        }

        private void collect(long record) {
            if (compare(change, Record.stamp(record), Record.origin(record)) > 0) {
                if (count == older.length) {
                    older = Arrays.copyOf(older, count * 2);
                }
                older[count++] = record;
            } else {
                foundLater = true;
            }
        }

        private Key key(long record) {
            return kept.keep(Record.keyAddress(record), Record.keyLength(record));
        }

        @Override
        public void close() {
            kept.close();
        }
    }

    /** Removes one record. */
    private interface Remover {
        void remove(long record);
    }
}
