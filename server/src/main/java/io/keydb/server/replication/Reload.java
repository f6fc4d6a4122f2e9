package io.keydb.server.replication;

import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.snapshot.Snapshot;
import io.keydb.server.keyspace.snapshot.SnapshotSink;
import io.keydb.server.keyspace.snapshot.Snapshots;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.persistence.rdb.RdbReader;
import io.keydb.server.persistence.rdb.RdbWriter;
import java.io.IOException;

/**
 * Takes all data through the RDB format and back: DEBUG RELOAD. The bytes stay in memory; nobody
 * else looks meanwhile.
 *
 * <p>Threads: on one thread, under all locks.
 */
final class Reload {
    private static final int LONGEST_STRING = 1 << 30;
    private static final int PIECE = 1 << 30;

    private final Keyspace keyspace;
    private final Snapshots snapshots;

    Reload(Keyspace keyspace, Snapshots snapshots) {
        this.keyspace = keyspace;
        this.snapshots = snapshots;
    }

    /**
     * @throws IOException when what was written cannot be read; the data are lost
     */
    void run() throws IOException {
        keyspace.lock(keyspace.allPartitions());
        try (OffHeapBuffer bytes = new OffHeapBuffer(keyspace.pages())) {
            write(bytes);
            for (int i = 0; i < keyspace.databases(); i++) {
                keyspace.clear(i);
            }
            load(bytes);
        } finally {
            keyspace.unlock(keyspace.allPartitions());
        }
    }

    private void write(OffHeapBuffer bytes) throws IOException {
        RdbWriter writer = new RdbWriter(bytes::append, true);
        writer.begin();
        try (Snapshot snapshot = snapshots.begin(() -> {})) {
            snapshot.walk(
                    new SnapshotSink() {
                        @Override
                        public void database(int index, long keys, long expiringKeys)
                                throws IOException {
                            writer.database(index, keys, expiringKeys);
                        }

                        @Override
                        public void record(long record) throws IOException {
                            writer.entry(record);
                        }

                        @Override
                        public void sliceEnded() {
                            // all bytes are kept
                        }
                    });
        }
        writer.end();
    }

    private void load(OffHeapBuffer bytes) throws IOException {
        LoadVisitor visitor = new LoadVisitor(keyspace);
        try (RdbReader reader = new RdbReader(keyspace.pages(), visitor, LONGEST_STRING)) {
            long at = 0;
            while (at < bytes.length() && !reader.isDone()) {
                long piece = Math.min(PIECE, bytes.length() - at);
                at += reader.feed(bytes.address() + at, piece);
            }
            if (!visitor.isComplete()) {
                throw new IOException("the end of the RDB is missing");
            }
        } catch (RdbException unreadable) {
            throw new IOException(unreadable);
        }
    }
}
