package io.keydb.server.persistence;

import io.keydb.server.keyspace.snapshot.SnapshotSink;
import java.io.IOException;

/**
 * Counts the keys that go into a file, and lets the pace of tests hold it up between slices.
 *
 * <p>Threads: confined to the thread that walks.
 */
public final class PacedSink implements SnapshotSink {
    private final SnapshotSink sink;
    private final DataForm.Pace pace;
    private long keys;
    private long keysOfSlice;

    public PacedSink(SnapshotSink sink, DataForm.Pace pace) {
        this.sink = sink;
        this.pace = pace;
    }

    /** Keys so far. */
    public long keys() {
        return keys;
    }

    @Override
    public void database(int index, long keysOfDatabase, long expiringKeys) throws IOException {
        sink.database(index, keysOfDatabase, expiringKeys);
    }

    @Override
    public void record(long record) throws IOException {
        sink.record(record);
        keysOfSlice++;
    }

    @Override
    public void sliceEnded() throws IOException {
        sink.sliceEnded();
        keys += keysOfSlice;
        pace.keysDone(keysOfSlice);
        keysOfSlice = 0;
    }
}
