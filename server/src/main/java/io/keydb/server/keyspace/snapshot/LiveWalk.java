package io.keydb.server.keyspace.snapshot;

import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.structure.RecordTable;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Shows every record and every tombstone as it is when the walk passes, one segment under one lock
 * at a time. A key that is there all the time is shown once; what changes meanwhile is shown in
 * some version or not at all. That is enough for a merge of stamped states that is followed by all
 * later changes.
 *
 * <p>Threads: confined to one thread.
 */
public final class LiveWalk {
    private LiveWalk() {}

    /** Is shown what {@link SnapshotSink} is shown, and tombstones. */
    public interface Sink extends SnapshotSink {
        /** One tombstone, under the same terms as a record. */
        void tombstone(long tombstone) throws IOException;
    }

    public static void walk(Keyspace keyspace, Sink sink) throws IOException {
        for (int database = 0; database < keyspace.databases(); database++) {
            long keys = keyspace.database(database).size();
            if (keys == 0 && keyspace.database(database).tombstoneCount() == 0) {
                continue;
            }
            sink.database(database, keys, keyspace.database(database).expiringSize());
            for (int i = 0; i < keyspace.partitions(); i++) {
                Partition partition = keyspace.partition(i);
                walk(partition, partition.records(database), sink, sink::record);
                walk(partition, partition.tombstones(database), sink, sink::tombstone);
            }
        }
    }

    private static void walk(Partition partition, long table, SnapshotSink sink, Shown shown)
            throws IOException {
        long cursor = 0;
        do {
            partition.lock();
            try {
                cursor = RecordTable.walk(table, cursor, shown::acceptUnchecked);
            } catch (UncheckedIOException failed) {
                throw failed.getCause();
            } finally {
                partition.unlock();
            }
            sink.sliceEnded();
        } while (cursor != 0);
    }

    /** Takes a record and may fail. */
    private interface Shown {
        void accept(long record) throws IOException;

        default void acceptUnchecked(long record) {
            try {
                accept(record);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
