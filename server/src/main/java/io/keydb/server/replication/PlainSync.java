package io.keydb.server.replication;

import io.keydb.server.command.FunctionStore;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.snapshot.Snapshot;
import io.keydb.server.log.LogReader;
import io.keydb.server.log.NodeId;
import io.keydb.server.log.OrderedLog.LogCut;
import io.keydb.server.log.ReplicationIds;
import io.keydb.server.net.Connection;
import io.keydb.server.persistence.DataForm;
import io.keydb.server.persistence.PacedSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The full sync of a plain replica: a snapshot as RDB straight into the connection, then the log
 * from the cut on.
 *
 * <p>A replica that can read a sync of unknown length gets it as it is made, between two marks. Any
 * other has to be told the length first; for it the RDB goes through a temporary file.
 *
 * <p>Threads: runs on a thread of its own; what touches the session goes to the connection's event
 * loop.
 */
final class PlainSync implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PlainSync.class);

    private final Keyspace keyspace;
    private final SyncSource source;
    private final ReplicaSession session;
    private final LogPump pump;
    private final boolean announcesHistory;
    private @Nullable LogCut cut;
    private List<byte[]> codes = List.of();

    /** Where a plain sync takes its data from. */
    interface SyncSource {
        /** Makes a snapshot; {@code atCut} runs at its cut. */
        Snapshot begin(Runnable atCut);

        /** Opens the log at its end. At the cut. */
        LogCut openLog(Runnable wake);

        /** The history the bytes belong to. */
        ReplicationIds ids();

        /** The functions that travel with the data. */
        FunctionStore functions();

        /** The database the bytes behind the cut begin in. */
        int streamDatabase();

        /** Number of bytes a stock primary would have sent up to now. */
        long offset();

        /** Whether replicas may go on with the history, so that files tell of it. */
        boolean isHistoryKept();

        /** Whether this node follows a primary, or is going to. */
        boolean isReplica();

        /** Goes on with the history of a file that is being loaded. */
        void resume(String id, long offset, int streamDatabase);

        /** A key of that file is left out, because its time has come. */
        void expired(int database, long keyAddress, int keyLength);

        /** How long a receiver may take nothing at all. */
        long timeoutMillis();

        /** A replica has gone online: there may be enough of them now. Waits for no lock. */
        void countReplicas();

        /** Where temporary files go. */
        Path directory();

        /** Holds a sync up as tests ask for, until it is cancelled. */
        DataForm.Pace pace(BooleanSupplier isCancelled);
    }

    PlainSync(
            Keyspace keyspace,
            SyncSource source,
            ReplicaSession session,
            LogPump pump,
            boolean announcesHistory) {
        this.keyspace = keyspace;
        this.source = source;
        this.session = session;
        this.pump = pump;
        this.announcesHistory = announcesHistory;
    }

    @Override
    public void run() {
        Connection connection = session.connection();
        try (Snapshot snapshot = source.begin(this::cut)) {
            LogCut at = Objects.requireNonNull(cut);
            send(
                    snapshot,
                    at,
                    new ConnectionStream(
                            connection, at.reader(), keyspace.clock(), source.timeoutMillis()));
            connection.execute(() -> sent(at.reader()));
            LOG.info(
                    "Full sync of {} keys sent to replica {}",
                    snapshot.keys(),
                    connection.remoteText());
        } catch (IOException failed) {
            LOG.warn(
                    "Full sync of replica {} failed: {}",
                    connection.remoteText(),
                    failed.getMessage());
            LogCut at = cut;
            if (at != null) {
                at.reader().close();
            }
            connection.close();
        }
    }

    private void cut() {
        LogCut made = source.openLog(pump::wake);
        cut = made;
        session.cutOffset(made.plainOffset());
        codes = source.functions().codes();
    }

    private void send(Snapshot snapshot, LogCut at, ConnectionStream stream) throws IOException {
        if (announcesHistory) {
            stream.send(
                    ascii("+FULLRESYNC " + source.ids().id() + " " + at.plainOffset() + "\r\n"));
        }
        if (session.takesEndMark()) {
            byte[] mark = ascii(NodeId.random().hex());
            stream.send(ascii("$EOF:"));
            stream.send(mark);
            stream.send(ascii("\r\n"));
            write(snapshot, at, stream);
            stream.send(mark);
        } else {
            try (SpooledStream file = SpooledStream.in(source.directory())) {
                write(snapshot, at, file);
                stream.send(ascii("$" + file.length() + "\r\n"));
                file.copyTo(stream);
            }
        }
    }

    private void write(Snapshot snapshot, LogCut at, SyncStream stream) throws IOException {
        PlainSyncWriter writer = new PlainSyncWriter(stream, source.streamDatabase());
        writer.accesses(keyspace.accesses());
        long now = keyspace.clock().millis();
        writer.begin(now, keyspace.pages().usedBytes(), source.ids(), at.plainOffset());
        if (!session.omitsFunctions()) {
            writer.functions(codes);
        }
        if (!session.omitsKeys()) {
            walk(snapshot, writer);
        }
        writer.end();
    }

    private void walk(Snapshot snapshot, PlainSyncWriter writer) throws IOException {
        DataForm.Pace pace = source.pace(this::isCancelled);
        snapshot.walk(
                new PacedSink(
                        writer,
                        keys -> {
                            pace.keysDone(keys);
                            if (isCancelled()) {
                                throw new IOException("the connection was lost");
                            }
                        }));
    }

    private boolean isCancelled() {
        return session.connection().isClosed() || Thread.currentThread().isInterrupted();
    }

    private void sent(LogReader reader) {
        if (session.connection().isClosed()) {
            reader.close();
            return;
        }
        if (session.wantsSnapshotOnly()) {
            reader.close();
            session.connection().closeAfterReplies();
            return;
        }
        session.awaitAcknowledgement(reader);
        if (!session.takesEndMark()) {
            session.goOnline(keyspace.clock().millis());
            source.countReplicas();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
