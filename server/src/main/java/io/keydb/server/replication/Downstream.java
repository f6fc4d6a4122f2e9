package io.keydb.server.replication;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientKind;
import io.keydb.server.client.Trait;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.log.LogReader;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.log.Origin;
import io.keydb.server.log.VersionVector;
import io.keydb.server.net.Connection;
import io.keydb.server.net.OutputClass;
import io.keydb.server.net.OutputLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves those who read from this node: decides whether what they lack is in the log, and starts a
 * full sync or merge where it is not.
 *
 * <p>Threads: each method on the event loop of the session's connection.
 */
final class Downstream {
    private static final Logger LOG = LoggerFactory.getLogger(Downstream.class);
    private static final AtomicLong SYNCS = new AtomicLong();

    /** A peer that should have something by itself is merged when it does not after so long. */
    private static final long MOST_AWAITED_MILLIS = 3_000;

    private static final long MILLIS_OF_SECOND = 1_000;

    private final Keyspace keyspace;
    private final OrderedLog log;
    private final Behind behind;
    private final PlainSync.SyncSource source;
    private final Queue<Thread> syncs = new ConcurrentLinkedQueue<>();
    private final AtomicInteger plainSyncs = new AtomicInteger();

    private final SyncFigures figures;

    Downstream(
            Keyspace keyspace,
            OrderedLog log,
            Behind behind,
            PlainSync.SyncSource source,
            SyncFigures figures) {
        this.keyspace = keyspace;
        this.log = log;
        this.behind = behind;
        this.source = source;
        this.figures = figures;
    }

    /** How replicas and peers were brought up to date. */
    SyncFigures figures() {
        return figures;
    }

    /** PSYNC of a plain replica. */
    void plain(ReplicaSession session, String id, long wanted) {
        LogReader reader = null;
        LogPump pump =
                new LogPump(
                        session.connection(), new PlainDialect(session.connection(), wanted - 1));
        if (log.isActive() && log.ids().continues(id, wanted)) {
            reader = log.openAtPlain(wanted - 1, pump::wake);
        }
        if (reader == null) {
            if (!id.equals("?")) {
                figures.denied().increment();
            }
            full(session, true);
            return;
        }
        figures.partial().increment();
        Connection connection = session.connection();
        become(session, ReplicaSession.Stage.ONLINE, pump, null);
        source.countReplicas();
        connection.reply().simple(ascii("CONTINUE " + log.ids().id()));
        LOG.info(
                "Partial resynchronization request from {} accepted. Sending {} bytes of backlog"
                        + " starting from offset {}.",
                connection.remoteText(),
                log.plainOffset() - wanted + 1,
                wanted);
        pump.start(reader, wanted - 1);
    }

    /** A full sync; {@code announcesHistory} unless it was asked for with SYNC. */
    void full(ReplicaSession session, boolean announcesHistory) {
        figures.full().increment();
        Connection connection = session.connection();
        LogPump pump = new LogPump(connection, new PlainDialect(connection, 0));
        become(session, ReplicaSession.Stage.SYNCING, pump, null);
        LOG.info("Full resync requested by replica {}", connection.remoteText());
        PlainSync sync = new PlainSync(keyspace, source, session, pump, announcesHistory);
        plainSyncs.incrementAndGet();
        start(
                () -> {
                    try {
                        sync.run();
                    } finally {
                        plainSyncs.decrementAndGet();
                    }
                });
    }

    /** Whether a plain replica is being sent all data. Any thread. */
    boolean isSending() {
        return plainSyncs.get() > 0;
    }

    /** PSYNC of an active peer. */
    void peer(ReplicaSession session, Origin peer, VersionVector vector) {
        Connection connection = session.connection();
        PeerDialect dialect =
                new PeerDialect(connection, log.origins(), keyspace.pages(), peer, vector);
        LogPump pump = new LogPump(connection, dialect);
        LogReader reader = log.openForPeer(vector, pump::wake);
        become(session, ReplicaSession.Stage.SYNCING, pump, dialect);
        connection.reply().raw(ascii(Handshake.STREAM_REPLY + "\r\n"));
        dialect.text(PeerFrame.GREETING, log.vector().toString());
        if (reader == null) {
            figures.full().increment();
            LOG.info(
                    "Node {} at {} lacks more than the log has",
                    peer.node(),
                    connection.remoteText());
            start(new PeerSync(keyspace, log, behind, session, source.timeoutMillis()));
        } else {
            figures.partial().increment();
            LOG.info("Node {} at {} follows the log", peer.node(), connection.remoteText());
            session.stage(ReplicaSession.Stage.ONLINE);
            pump.start(reader, log.plainOffset());
        }
    }

    /**
     * Tells a peer what is known, and merges it when it waits too long for what others should have
     * sent it.
     */
    void beat(ReplicaSession session, String knowledge, long nowMillis) {
        PeerDialect dialect = session.peerDialect();
        LogPump pump = session.pump();
        if (dialect == null || pump == null || session.connection().isClosed()) {
            return;
        }
        dialect.text(PeerFrame.KNOWLEDGE, knowledge);
        session.connection().flush();
        if (dialect.awaited() == null) {
            session.awaitedSinceMillis(nowMillis);
        } else if (session.stage() == ReplicaSession.Stage.ONLINE
                && nowMillis - session.awaitedSinceMillis() > MOST_AWAITED_MILLIS) {
            LOG.info("Node at {} lacks what was merged here", session.connection().remoteText());
            session.stage(ReplicaSession.Stage.SYNCING);
            pump.stop();
            start(new PeerSync(keyspace, log, behind, session, source.timeoutMillis()));
        }
    }

    /**
     * Ends a plain replica that is further behind than {@code client-output-buffer-limit} allows:
     * the log keeps what it has not been sent, in the place of a buffer of its own.
     */
    void limitLag(ReplicaSession session, OutputLimits.Limit limit, long nowMillis) {
        long lag = session.lagBytes(log.plainOffset());
        boolean isOver = limit.softBytes() > 0 && lag > limit.softBytes();
        if (!isOver) {
            session.laggingSinceMillis(nowMillis);
        }
        boolean isLong =
                isOver
                        && nowMillis - session.laggingSinceMillis()
                                > limit.softSeconds() * MILLIS_OF_SECOND;
        if (isLong || (limit.hardBytes() > 0 && lag > limit.hardBytes())) {
            LOG.warn(
                    "Replica {} is {} bytes behind, more than client-output-buffer-limit allows; it"
                            + " is disconnected",
                    session.connection().remoteText(),
                    lag);
            session.connection().close();
        }
    }

    private static void become(
            ReplicaSession session,
            ReplicaSession.Stage stage,
            LogPump pump,
            @Nullable PeerDialect dialect) {
        Connection connection = session.connection();
        Client client = session.client();
        client.kind(ClientKind.REPLICA);
        if (dialect == null) {
            client.set(Trait.READS_LOG, true);
            client.rightsChanged();
        }
        connection.timeoutExempt(true);
        connection.outputClass(OutputClass.REPLICA);
        session.feed(pump, dialect);
        session.stage(stage);
    }

    private void start(Runnable sync) {
        syncs.removeIf(thread -> !thread.isAlive());
        syncs.add(Thread.ofPlatform().daemon().name("sync-" + SYNCS.incrementAndGet()).start(sync));
    }

    /**
     * Ends the full syncs that run.
     *
     * @return whether they have ended within that time
     */
    boolean stop(long graceMillis) {
        boolean ended = true;
        for (Thread sync : syncs) {
            sync.interrupt();
            try {
                ended &= sync.join(Duration.ofMillis(graceMillis));
            } catch (InterruptedException cut) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return ended;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
