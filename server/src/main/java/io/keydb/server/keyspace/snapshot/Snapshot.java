package io.keydb.server.keyspace.snapshot;

import io.keydb.server.keyspace.ChangeObserver;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.structure.RecordTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The keyspace as it was at one instant, the cut.
 *
 * <pre>
 *   records of one database in one partition, in the order of their hashes
 *
 *   0            cursor                                  2^64
 *   |--- shown ----|------------- still to come -----------|
 *                    change here: save the old version first
 *     change here: nothing to do
 * </pre>
 *
 * The walk goes database by database, partition by partition, segment by segment; a segment is
 * shown under the partition's lock, a few hundred records at a time. Where the walk has not been
 * yet, every change saves what the key was (or that it was not there) in {@link SavedRecords}; the
 * walk skips such keys and shows the saved versions at the end of the partition.
 *
 * <p>Memory: the saved versions, at most {@code mostSavedBytes}; beyond that, or when a database is
 * emptied or swapped under the walk, the snapshot fails and the walk throws. Writers are never held
 * up.
 *
 * <p>Threads: {@link #walk} and {@link #close} by one thread; the observer's methods under
 * partition locks by any.
 */
public final class Snapshot implements ChangeObserver, AutoCloseable {
    private final Snapshots registry;
    private final Keyspace keyspace;
    private final Share[][] shares;
    private final long[] keys;
    private final long[] expiringKeys;
    private final long mostSavedBytes;
    private final AtomicLong savedBytes = new AtomicLong();
    private volatile @Nullable String failure;

    /**
     * How far the walk has come in one database of one partition. Confined to the partition's lock.
     */
    private static final class Share {
        boolean isDone;
        long cursor;
        @Nullable SavedRecords saved;

        boolean hasPassed(long hash) {
            return isDone || Long.compareUnsigned(hash, cursor) < 0;
        }
    }

    /** Makes the cut; all partitions are locked. */
    Snapshot(Snapshots registry, Keyspace keyspace, long mostSavedBytes) {
        this.registry = registry;
        this.keyspace = keyspace;
        this.mostSavedBytes = mostSavedBytes;
        this.shares = new Share[keyspace.databases()][];
        this.keys = new long[keyspace.databases()];
        this.expiringKeys = new long[keyspace.databases()];
        for (int i = 0; i < shares.length; i++) {
            keys[i] = keyspace.database(i).size();
            expiringKeys[i] = keyspace.database(i).expiringSize();
            shares[i] = new Share[keyspace.partitions()];
            for (int j = 0; j < shares[i].length; j++) {
                shares[i][j] = new Share();
                shares[i][j].isDone = keys[i] == 0;
            }
        }
    }

    /** Number of keys at the cut, in all databases. */
    public long keys() {
        long sum = 0;
        for (long count : keys) {
            sum += count;
        }
        return sum;
    }

    /** Bytes of saved versions, so far. */
    public long savedBytes() {
        return savedBytes.get();
    }

    /** Shows every record as it was at the cut, once. */
    public void walk(SnapshotSink sink) throws IOException {
        for (int database = 0; database < shares.length; database++) {
            if (keys[database] > 0) {
                sink.database(database, keys[database], expiringKeys[database]);
                for (int partition = 0; partition < shares[database].length; partition++) {
                    walk(database, keyspace.partition(partition), sink);
                }
            }
        }
    }

    private void walk(int database, Partition partition, SnapshotSink sink) throws IOException {
        Share share = shares[database][partition.index()];
        boolean finished = false;
        while (!finished) {
            partition.lock();
            try {
                check();
                finished = showSegment(partition.records(database), share, sink);
            } finally {
                partition.unlock();
            }
            sink.sliceEnded();
        }
        SavedRecords saved = share.saved;
        if (saved != null) {
            showSaved(partition, saved, sink);
        }
    }

    private static boolean showSegment(long records, Share share, SnapshotSink sink)
            throws IOException {
        SavedRecords saved = share.saved;
        try {
            share.cursor =
                    RecordTable.walk(
                            records,
                            share.cursor,
                            record -> {
                                if (saved == null || !saved.hasKeyOf(record)) {
                                    show(sink, record);
                                }
                            });
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
        share.isDone = share.cursor == 0;
        return share.isDone;
    }

    private void showSaved(Partition partition, SavedRecords saved, SnapshotSink sink)
            throws IOException {
        long cursor = 0;
        do {
            partition.lock();
            try {
                check();
                cursor = saved.walk(cursor, record -> show(sink, record));
            } catch (UncheckedIOException failed) {
                throw failed.getCause();
            } finally {
                partition.unlock();
            }
            sink.sliceEnded();
        } while (cursor != 0);
    }

    private static void show(SnapshotSink sink, long record) {
        try {
            sink.record(record);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void check() throws SnapshotException {
        String reason = failure;
        if (reason != null) {
            throw new SnapshotException(reason);
        }
    }

    @Override
    public void beforeChange(int database, Key key, long record) {
        Partition partition = keyspace.partitionOf(key);
        Share share = shares[database][partition.index()];
        if (share.hasPassed(key.hash()) || failure != null) {
            return;
        }
        SavedRecords saved = share.saved;
        if (saved == null) {
            saved = new SavedRecords(partition.allocator());
            share.saved = saved;
        }
        if (!saved.has(key)) {
            long bytes = savedBytes.addAndGet(saved.save(key, record));
            if (bytes > mostSavedBytes) {
                failure = "more than " + mostSavedBytes + " bytes changed before they were written";
            }
        }
    }

    @Override
    public void beforeClear(int database) {
        for (Share share : shares[database]) {
            if (!share.isDone) {
                failure = "database " + database + " was emptied or swapped";
                return;
            }
        }
    }

    /** Frees the saved versions; the walk may be complete or not. */
    @Override
    public void close() {
        registry.end(this);
        for (int i = 0; i < keyspace.partitions(); i++) {
            Partition partition = keyspace.partition(i);
            partition.lock();
            try {
                for (Share[] ofDatabase : shares) {
                    SavedRecords saved = ofDatabase[i].saved;
                    if (saved != null) {
                        saved.free();
                        ofDatabase[i].saved = null;
                    }
                }
            } finally {
                partition.unlock();
            }
        }
    }
}
