package io.keydb.server.replication;

import io.keydb.server.keyspace.AccessClock;
import io.keydb.server.keyspace.snapshot.SnapshotSink;
import io.keydb.server.log.ReplicationIds;
import io.keydb.server.persistence.rdb.AuxiliaryField;
import io.keydb.server.persistence.rdb.RdbWriter;
import io.keydb.server.persistence.rdb.StagedOutput;
import io.keydb.server.support.Version;
import java.io.IOException;
import java.util.List;

/**
 * Writes a snapshot as the RDB of a full sync, as a stock primary does.
 *
 * <p>Threads: confined to the thread that walks the snapshot.
 */
final class PlainSyncWriter implements SnapshotSink {
    private static final int PIECE = 64 * 1024;

    private final SyncStream stream;
    private final int streamDatabase;
    private final StagedOutput staged = new StagedOutput();
    private final RdbWriter writer;

    PlainSyncWriter(SyncStream stream, int streamDatabase) {
        this(stream, streamDatabase, true, true);
    }

    PlainSyncWriter(SyncStream stream, int streamDatabase, boolean compresses, boolean sums) {
        this.streamDatabase = streamDatabase;
        this.stream = stream;
        this.writer = new RdbWriter(staged, compresses, sums);
    }

    /** Each key is told with its accesses, if the policy goes by them. */
    void accesses(AccessClock clock) {
        writer.accesses(clock);
    }

    /**
     * @param offset where in the history the data are; -1 when nobody can continue it
     */
    void begin(long nowMillis, long usedBytes, ReplicationIds ids, long offset) throws IOException {
        writer.begin();
        writer.auxiliary(AuxiliaryField.VERSION, Version.REDIS);
        writer.auxiliary(AuxiliaryField.BITS, "64");
        writer.auxiliary(AuxiliaryField.CREATED, Long.toString(nowMillis / 1000));
        writer.auxiliary(AuxiliaryField.USED_MEMORY, Long.toString(usedBytes));
        if (offset >= 0) {
            writer.auxiliary(AuxiliaryField.STREAM_DATABASE, Integer.toString(streamDatabase));
            writer.auxiliary(AuxiliaryField.REPLICATION_ID, ids.id());
            writer.auxiliary(AuxiliaryField.REPLICATION_OFFSET, Long.toString(offset));
        }
    }

    void functions(List<byte[]> codes) throws IOException {
        for (byte[] code : codes) {
            writer.function(code);
        }
    }

    @Override
    public void database(int index, long keys, long expiringKeys) throws IOException {
        writer.database(index, keys, expiringKeys);
    }

    @Override
    public void record(long record) throws IOException {
        writer.entry(record);
    }

    @Override
    public void sliceEnded() throws IOException {
        if (staged.length() >= PIECE) {
            stream.send(staged.take());
        }
    }

    void end() throws IOException {
        writer.end();
        stream.send(staged.take());
    }
}
