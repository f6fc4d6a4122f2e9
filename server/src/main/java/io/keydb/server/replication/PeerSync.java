package io.keydb.server.replication;

import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.snapshot.LiveWalk;
import io.keydb.server.log.LogReader;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.log.OrderedLog.LogCut;
import io.keydb.server.log.VersionVector;
import io.keydb.server.net.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The full merge of a peer: all states and tombstones of this node, then the log from the place
 * where the walk began. Every unit up to that place is applied when the walk begins, whatever is
 * behind it comes again, so the peer ends with all there is.
 *
 * <p>Threads: runs on a thread of its own; what touches the session goes to the connection's event
 * loop.
 */
final class PeerSync implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerSync.class);

    private final Keyspace keyspace;
    private final OrderedLog log;
    private final Behind behind;
    private final ReplicaSession session;
    private final long timeoutMillis;
    private final LogPump pump;
    private final PeerDialect dialect;

    PeerSync(
            Keyspace keyspace,
            OrderedLog log,
            Behind behind,
            ReplicaSession session,
            long timeoutMillis) {
        this.behind = behind;
        this.timeoutMillis = timeoutMillis;
        this.keyspace = keyspace;
        this.log = log;
        this.session = session;
        this.pump = Objects.requireNonNull(session.pump());
        this.dialect = Objects.requireNonNull(session.peerDialect());
    }

    @Override
    public void run() {
        Connection connection = session.connection();
        LogCut cut = log.openAtEnd(pump::wake);
        try {
            ConnectionStream stream =
                    new ConnectionStream(connection, cut.reader(), keyspace.clock(), timeoutMillis);
            PeerSyncWriter writer =
                    new PeerSyncWriter(piece -> stream.send(frame(piece)), log.origins());
            writer.begin(keyspace, cut.vector());
            LiveWalk.walk(keyspace, writer);
            writer.behind(behind);
            writer.end();
            connection.execute(() -> sent(cut.reader(), cut.vector()));
            LOG.info("Full merge sent to node {}", connection.remoteText());
        } catch (IOException failed) {
            LOG.warn(
                    "Full merge of node {} failed: {}",
                    connection.remoteText(),
                    failed.getMessage());
            cut.reader().close();
            connection.close();
        }
    }

    private void sent(LogReader reader, VersionVector vector) {
        if (session.connection().isClosed() || session.peerDialect() != dialect) {
            reader.close();
            return;
        }
        dialect.merged(vector);
        session.heard(keyspace.clock().millis());
        session.stage(ReplicaSession.Stage.ONLINE);
        pump.start(reader, log.plainOffset());
    }

    private static byte[] frame(byte[] piece) {
        ByteBuffer frame = ByteBuffer.allocate(PeerFrame.HEADER + piece.length);
        frame.order(ByteOrder.LITTLE_ENDIAN).putInt(piece.length).putInt(PeerFrame.SNAPSHOT);
        return frame.put(piece).array();
    }
}
