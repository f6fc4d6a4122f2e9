package io.keydb.server.replication;

import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.snapshot.Snapshot;
import io.keydb.server.persistence.DataForm;
import io.keydb.server.persistence.PacedSink;
import io.keydb.server.persistence.aof.CommandWriter;
import io.keydb.server.persistence.rdb.KeyspaceLoader;
import io.keydb.server.persistence.rdb.RdbSink;
import io.keydb.server.persistence.rdb.RdbVisitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The data of a plain node in a file, which any server can read.
 *
 * <p>Threads: safe.
 */
final class PlainDataForm implements DataForm, DataForm.CommandForm {
    private final Keyspace keyspace;
    private final PlainSync.SyncSource source;

    PlainDataForm(Keyspace keyspace, PlainSync.SyncSource source) {
        this.keyspace = keyspace;
        this.source = source;
    }

    @Override
    public long write(RdbSink sink, boolean compresses, boolean sums, Runnable atCut, Pace pace)
            throws IOException {
        long[] offset = {-1};
        List<byte[]> functions = new ArrayList<>();
        try (Snapshot snapshot =
                source.begin(
                        () -> {
                            atCut.run();
                            offset[0] = source.isHistoryKept() ? source.offset() : -1;
                            functions.addAll(source.functions().codes());
                        })) {
            PlainSyncWriter writer =
                    new PlainSyncWriter(
                            piece -> sink.write(piece, 0, piece.length),
                            source.streamDatabase(),
                            compresses,
                            sums);
            writer.accesses(keyspace.accesses());
            PacedSink paced = new PacedSink(writer, pace);
            writer.begin(
                    keyspace.clock().millis(),
                    keyspace.pages().usedBytes(),
                    source.ids(),
                    offset[0]);
            writer.functions(functions);
            snapshot.walk(paced);
            writer.end();
            return paced.keys();
        }
    }

    @Override
    public CommandForm asCommands() {
        return this;
    }

    @Override
    public long writeCommands(RdbSink sink, Runnable atCut, Pace pace) throws IOException {
        List<byte[]> functions = new ArrayList<>();
        try (Snapshot snapshot =
                        source.begin(
                                () -> {
                                    atCut.run();
                                    functions.addAll(source.functions().codes());
                                });
                CommandWriter base = new CommandWriter(sink, keyspace.pages())) {
            functions.forEach(base::function);
            base.sliceEnded();
            PacedSink paced = new PacedSink(base, pace);
            snapshot.walk(paced);
            base.sliceEnded();
            return paced.keys();
        }
    }

    @Override
    public Loading load(boolean isAll) {
        boolean dropsExpired = isAll && !source.isReplica();
        KeyspaceLoader loader =
                new KeyspaceLoader(
                        keyspace,
                        new KeyspaceLoader.Rules(
                                dropsExpired ? keyspace.clock().millis() : 0, false),
                        source.functions());
        loader.onExpired(source::expired);
        RdbVisitor visitor = isAll ? new ResumedHistory(loader, source::resume) : loader;
        return new Loading() {
            @Override
            public RdbVisitor visitor() {
                return visitor;
            }

            @Override
            public long keys() {
                return loader.keys();
            }

            @Override
            public long expiredKeys() {
                return loader.expiredKeys();
            }

            @Override
            public boolean isForeign() {
                return false;
            }

            @Override
            public void complete() {}

            @Override
            public void close() {}
        };
    }
}
