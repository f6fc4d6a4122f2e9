package io.keydb.server.keyspace.snapshot;

import java.io.IOException;

/** Where the records of a snapshot go. */
public interface SnapshotSink {
    /** The records that follow are of this database; called for those that have any. */
    void database(int index, long keys, long expiringKeys) throws IOException;

    /**
     * One record. Called under the lock of its partition: copies what it needs and must not wait.
     */
    void record(long record) throws IOException;

    /**
     * Called without any lock after every few hundred records; may wait until there is room for
     * more.
     */
    void sliceEnded() throws IOException;
}
