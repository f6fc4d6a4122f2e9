package io.keydb.server.replication;

import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.snapshot.LiveWalk;
import io.keydb.server.keyspace.snapshot.Snapshot;
import io.keydb.server.log.HybridClock;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.log.VersionVector;
import io.keydb.server.persistence.DataForm;
import io.keydb.server.persistence.PacedSink;
import io.keydb.server.persistence.rdb.RdbEntry;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.persistence.rdb.RdbSink;
import io.keydb.server.persistence.rdb.RdbVisitor;
import io.keydb.server.structure.Record;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of an active node in a file: states with stamps, tombstones, and the vector that says
 * what the node had. So a node that comes back goes on where it was: what peers have written since
 * wins where it is later, what it has written itself and nobody has yet is not lost, and what was
 * deleted stays so.
 *
 * <p>A file of another server, whose keys have no stamps, is taken as if this node had written it
 * now.
 *
 * <p>States are those of one instant. Tombstones are walked behind it, without those made after the
 * instant.
 *
 * <p>Threads: safe.
 */
final class ActiveDataForm implements DataForm {
    private final Keyspace keyspace;
    private final PlainSync.SyncSource source;
    private final UnitApplier.Shared shared;
    private final HybridClock clock;

    ActiveDataForm(
            Keyspace keyspace,
            PlainSync.SyncSource source,
            UnitApplier.Shared shared,
            HybridClock clock) {
        this.keyspace = keyspace;
        this.source = source;
        this.shared = shared;
        this.clock = clock;
    }

    @Override
    public long write(RdbSink sink, boolean compresses, boolean sums, Runnable atCut, Pace pace)
            throws IOException {
        PeerSyncWriter writer =
                new PeerSyncWriter(
                        piece -> sink.write(piece, 0, piece.length),
                        shared.log().origins(),
                        compresses,
                        sums);
        long[] cut = new long[1];
        try (Snapshot snapshot =
                source.begin(
                        () -> {
                            atCut.run(); // what is noted there is no later than the vector
                            begin(writer);
                            cut[0] = clock.next();
                        })) {
            PacedSink paced = new PacedSink(writer, pace);
            snapshot.walk(paced);
            LiveWalk.walk(keyspace, new Tombstones(writer, cut[0]));
            writer.behind(shared.behind());
            writer.end();
            return paced.keys();
        }
    }

    /** Commands of other servers have no stamps. */
    @Override
    public @Nullable CommandForm asCommands() {
        return null;
    }

    private void begin(PeerSyncWriter writer) {
        try {
            writer.begin(keyspace, shared.log().vector());
            writer.functions(source.functions().codes());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // it writes to memory
        }
    }

    @Override
    public Loading load(boolean isAll) {
        MergeVisitor visitor = new MergeVisitor(shared, clock, true);
        FunctionsBeside all = new FunctionsBeside(visitor, new ArrayList<>());
        return new Loading() {
            @Override
            public RdbVisitor visitor() {
                return all;
            }

            @Override
            public long keys() {
                return visitor.changedKeys();
            }

            /** None is left out: what is there and what comes are merged. */
            @Override
            public long expiredKeys() {
                return 0;
            }

            @Override
            public boolean isForeign() {
                return visitor.unstampedKeys() > 0;
            }

            @Override
            public void complete() {
                replaceFunctions(all.codes());
                VersionVector vector = visitor.vector();
                if (visitor.unstampedKeys() > 0) {
                    // so that peers see that they lack something
                    OrderedLog log = shared.log();
                    vector.advance(log.origins().own(), log.lastNumber(0) + 1);
                }
                shared.log().merged(vector);
            }

            @Override
            public void close() {
                visitor.close();
            }
        };
    }

    private void replaceFunctions(List<byte[]> codes) {
        keyspace.lock(keyspace.allPartitions());
        try {
            source.functions().replace(codes);
        } finally {
            keyspace.unlock(keyspace.allPartitions());
        }
    }

    /** Puts functions aside; all else goes on. */
    private record FunctionsBeside(RdbVisitor rest, List<byte[]> codes) implements RdbVisitor {
        @Override
        public void auxiliary(String name, byte[] value) throws RdbException {
            rest.auxiliary(name, value);
        }

        @Override
        public void database(long index) throws RdbException {
            rest.database(index);
        }

        @Override
        public void function(byte[] code) {
            codes.add(code);
        }

        @Override
        public void entry(RdbEntry entry) throws RdbException {
            rest.entry(entry);
        }

        @Override
        public void end() throws RdbException {
            rest.end();
        }
    }

    /** Shows tombstones up to a stamp, and no records. */
    private record Tombstones(PeerSyncWriter writer, long cut) implements LiveWalk.Sink {
        @Override
        public void database(int index, long keys, long expiringKeys) throws IOException {
            writer.database(index, keys, expiringKeys);
        }

        @Override
        public void record(long record) {}

        @Override
        public void tombstone(long tombstone) throws IOException {
            if (Long.compareUnsigned(Record.stamp(tombstone), cut) <= 0) {
                writer.tombstone(tombstone);
            }
        }

        @Override
        public void sliceEnded() throws IOException {
            writer.sliceEnded();
        }
    }
}
