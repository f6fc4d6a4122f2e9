package io.keydb.server.replication;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.snapshot.LiveWalk;
import io.keydb.server.log.Origins;
import io.keydb.server.log.VersionVector;
import io.keydb.server.persistence.rdb.AuxiliaryField;
import io.keydb.server.persistence.rdb.RdbWriter;
import io.keydb.server.persistence.rdb.StagedOutput;
import io.keydb.server.structure.Record;
import io.keydb.server.support.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes all states of an active node for a peer: an RDB with stamps, origins, tombstones, flush
 * stamps and the vector it stands for.
 *
 * <p>Threads: confined to the thread that walks the keyspace.
 */
final class PeerSyncWriter implements LiveWalk.Sink {
    private static final int PIECE = 64 * 1024;
    private static final int NONE = -1;

    private final SyncStream stream;
    private final Origins origins;
    private final StagedOutput staged = new StagedOutput();
    private final RdbWriter writer;
    private int announcedOrigins;
    private int lastOrigin = NONE;

    PeerSyncWriter(SyncStream stream, Origins origins) {
        this(stream, origins, true, true);
    }

    PeerSyncWriter(SyncStream stream, Origins origins, boolean compresses, boolean sums) {
        this.stream = stream;
        this.origins = origins;
        this.writer = new RdbWriter(staged, compresses, sums);
    }

    void begin(Keyspace keyspace, VersionVector vector) throws IOException {
        writer.begin();
        writer.auxiliary(AuxiliaryField.VERSION, Version.REDIS);
        writer.auxiliary(AuxiliaryField.BITS, "64");
        long nowSeconds = keyspace.clock().millis() / 1000;
        writer.auxiliary(AuxiliaryField.CREATED, Long.toString(nowSeconds));
        writer.auxiliary(AuxiliaryField.VECTOR, vector.toString());
        announceOrigins();
        for (int i = 0; i < keyspace.databases(); i++) {
            Database database = keyspace.database(i);
            if (database.flushStamp() != 0) {
                writer.auxiliary(
                        AuxiliaryField.FLUSHED,
                        i + " " + database.flushStamp() + " " + database.flushOrigin());
            }
        }
        // A flush stamp names its own origin, and the receiver takes that for the current one.
        lastOrigin = NONE;
    }

    /** The functions, in the file of a node; peers have their own. */
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
        stamp(record);
        writer.entry(record);
    }

    @Override
    public void tombstone(long tombstone) throws IOException {
        stamp(tombstone);
        writer.auxiliary(
                AuxiliaryField.TOMBSTONE,
                Record.keyAddress(tombstone),
                Record.keyLength(tombstone));
    }

    @Override
    public void sliceEnded() throws IOException {
        if (staged.length() >= PIECE) {
            stream.send(staged.take());
        }
    }

    /** What this node lacks itself; behind all states. */
    void behind(Behind behind) throws IOException {
        behind.tell(
                text ->
                        writer.auxiliary(
                                AuxiliaryField.BEHIND, text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    void end() throws IOException {
        writer.end();
        stream.send(staged.take());
    }

    private void stamp(long record) throws IOException {
        int origin = Record.origin(record);
        if (origin >= announcedOrigins) {
            announceOrigins();
        }
        if (origin != lastOrigin) {
            lastOrigin = origin;
            writer.auxiliary(AuxiliaryField.ORIGIN, Integer.toString(origin));
        }
        writer.auxiliary(AuxiliaryField.STAMP, Long.toString(Record.stamp(record)));
    }

    private void announceOrigins() throws IOException {
        announcedOrigins = origins.count();
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < announcedOrigins; i++) {
            names.append(i == 0 ? "" : ",").append(origins.origin(i));
        }
        writer.auxiliary(AuxiliaryField.ORIGINS, names.toString());
    }
}
