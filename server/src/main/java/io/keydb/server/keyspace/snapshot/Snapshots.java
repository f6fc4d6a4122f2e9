package io.keydb.server.keyspace.snapshot;

import io.keydb.server.keyspace.ChangeObserver;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Makes snapshots of a keyspace and lets those that are being walked see its changes. While there
 * is none, changes cost nothing.
 *
 * <p>Threads: safe.
 */
public final class Snapshots {
    /**
     * How much memory one snapshot may take for old versions, at most: a quarter of the data, and
     * 64 MB in any case.
     */
    private static final long LEAST_SAVED_BYTES = 64L << 20;

    private static final int SHARE_OF_DATA = 4;

    private final Keyspace keyspace;
    private final List<Snapshot> open = new CopyOnWriteArrayList<>();
    private final ChangeObserver observer = new Multiplexer();
    private final LongAdder cuts = new LongAdder();
    private volatile long lastCutNanos;
    private volatile long lastSavedBytes;

    public Snapshots(Keyspace keyspace) {
        this.keyspace = keyspace;
    }

    /**
     * Makes a cut.
     *
     * @param atCut runs at the instant of the cut, with all partitions locked
     */
    public Snapshot begin(Runnable atCut) {
        long limit = Math.max(LEAST_SAVED_BYTES, keyspace.allocatedBytes() / SHARE_OF_DATA);
        return begin(atCut, limit);
    }

    /** Makes a cut with another limit of memory for old versions. */
    Snapshot begin(Runnable atCut, long mostSavedBytes) {
        long start = keyspace.clock().nanos();
        keyspace.lock(keyspace.allPartitions());
        try {
            Snapshot snapshot = new Snapshot(this, keyspace, mostSavedBytes);
            open.add(snapshot);
            observe(observer);
            atCut.run();
            return snapshot;
        } finally {
            keyspace.unlock(keyspace.allPartitions());
            cuts.increment();
            lastCutNanos = keyspace.clock().nanos() - start;
        }
    }

    /** Cuts made since the start. */
    public long cuts() {
        return cuts.sum();
    }

    /** How long the last one took, with waiting for all locks. */
    public long lastCutNanos() {
        return lastCutNanos;
    }

    /** Bytes that old versions took for the last snapshot that has ended. */
    public long lastSavedBytes() {
        return lastSavedBytes;
    }

    /** Number of snapshots being walked. */
    public int openCount() {
        return open.size();
    }

    /** Bytes that old versions take now. */
    public long savedBytes() {
        long sum = 0;
        for (Snapshot snapshot : open) {
            sum += snapshot.savedBytes();
        }
        return sum;
    }

    void end(Snapshot snapshot) {
        keyspace.lock(keyspace.allPartitions());
        try {
            open.remove(snapshot);
            lastSavedBytes = snapshot.savedBytes();
            if (open.isEmpty()) {
                observe(null);
            }
        } finally {
            keyspace.unlock(keyspace.allPartitions());
        }
    }

    private void observe(@Nullable ChangeObserver newObserver) {
        for (int i = 0; i < keyspace.partitions(); i++) {
            keyspace.partition(i).observer(newObserver);
        }
    }

    /** Tells all open snapshots. */
    private final class Multiplexer implements ChangeObserver {
        @Override
        public void beforeChange(int database, Key key, long record) {
            for (Snapshot snapshot : open) {
                snapshot.beforeChange(database, key, record);
            }
        }

        @Override
        public void beforeClear(int database) {
            for (Snapshot snapshot : open) {
                snapshot.beforeClear(database);
            }
        }
    }
}
