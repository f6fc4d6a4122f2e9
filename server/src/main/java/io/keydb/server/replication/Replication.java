package io.keydb.server.replication;

import io.keydb.server.client.Clients;
import io.keydb.server.command.Command;
import io.keydb.server.command.Condition;
import io.keydb.server.command.Conditions;
import io.keydb.server.command.Dispatcher;
import io.keydb.server.command.FunctionStore;
import io.keydb.server.config.Configuration;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.KeyspaceDirectives;
import io.keydb.server.keyspace.snapshot.Digest;
import io.keydb.server.keyspace.snapshot.Snapshot;
import io.keydb.server.keyspace.snapshot.Snapshots;
import io.keydb.server.log.ConstantBytes;
import io.keydb.server.log.HybridClock;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.log.OrderedLog.LogCut;
import io.keydb.server.log.Origin;
import io.keydb.server.log.Origins;
import io.keydb.server.log.ReplicationIds;
import io.keydb.server.log.SelectCommands;
import io.keydb.server.log.SyncedFile;
import io.keydb.server.log.UnitAppender;
import io.keydb.server.memory.Memory;
import io.keydb.server.net.EventLoops;
import io.keydb.server.net.NetworkDirectives;
import io.keydb.server.net.OutputLimits;
import io.keydb.server.net.tls.TlsContexts;
import io.keydb.server.persistence.DataForm;
import io.keydb.server.persistence.KeyDelay;
import io.keydb.server.persistence.PersistenceDirectives;
import io.keydb.server.persistence.SnapshotUse;
import io.keydb.server.persistence.aof.AofForm;
import io.keydb.server.persistence.aof.PlainForm;
import io.keydb.server.support.Clock;
import io.keydb.server.support.Readiness;
import io.keydb.server.support.ReportSection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything about copies of the data on other nodes, put together: the log, those who read from
 * this node, and those it reads from.
 *
 * <p>Made before the dispatcher, because its commands belong to the table; started when the
 * dispatcher and the event loops are there.
 *
 * <p>Threads: safe. One thread of its own does what happens every second; others resolve names.
 */
public final class Replication implements PlainSync.SyncSource {
    private static final Logger LOG = LoggerFactory.getLogger(Replication.class);

    /** How much of the log slow readers may make the node keep, at least. */
    private static final long SLOW_READERS_BYTES = 256L << 20;

    private static final byte[] PING = "*1\r\n$4\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final long DRAIN_PAUSE_NANOS = 2_000_000;

    private final Configuration configuration;
    private final Keyspace keyspace;
    private final FunctionStore functions;
    private final Conditions conditions;
    private final Clock clock;
    private final Path directory;
    private final boolean isActive;
    private final HybridClock hybridClock;
    private final OrderedLog log;
    private final UnitAppender appender;
    private final Snapshots snapshots;
    private final Replicas replicas = new Replicas();
    private final LinkTraffic traffic = new LinkTraffic();
    private final Waiters waiters = new Waiters(replicas);
    private final Downstream downstream;
    private final KnownNodes nodes;
    private final UnitApplier.Shared shared;
    private final Object streamLock = new Object();
    private final ScheduledExecutorService workers;
    private final long startMillis;
    private final ReplicationReadiness readiness = new ReplicationReadiness(this);
    private volatile @Nullable Dispatcher startedDispatcher;
    private volatile @Nullable ActiveNode active;
    private volatile @Nullable PlainNode plain;
    private volatile SyncedFile file = SyncedFile.NONE;
    private volatile Runnable dataReplaced = () -> {};
    private volatile long lastPlainReaderMillis;
    private long lastPingMillis;
    private int resumedDatabase;
    private final Clients clients;
    private boolean hadPlainReaders;

    /** What replication builds on. */
    public record Parts(
            Configuration configuration,
            Keyspace keyspace,
            Conditions conditions,
            Clients clients,
            Clock clock,
            Path directory,
            FunctionStore functions) {}

    /**
     * @throws IOException when the identity of an active node cannot be read or kept
     */
    public Replication(Parts parts) throws IOException {
        this.configuration = parts.configuration();
        this.clients = parts.clients();
        this.keyspace = parts.keyspace();
        this.functions = parts.functions();
        this.conditions = parts.conditions();
        this.clock = parts.clock();
        this.directory = parts.directory();
        this.startMillis = clock.millis();
        this.isActive = configuration.value(ReplicationDirectives.ACTIVE_REPLICA);
        if (!isActive && configuration.value(ReplicationDirectives.MULTI_MASTER)) {
            throw new IOException("multi-master needs active-replica yes");
        }
        Origin own =
                isActive ? NodeIdentity.beginRun(directory, clock) : NodeIdentity.passing(clock);
        Origins origins = new Origins(own);
        this.hybridClock = new HybridClock(clock);
        this.log = new OrderedLog(keyspace.pages(), origins, backlogBytes(), mostLogBytes());
        SelectCommands selects = new SelectCommands(keyspace.databases());
        this.appender = new UnitAppender(log, hybridClock, selects);
        this.snapshots = new Snapshots(keyspace);
        Behind behind = new Behind(keyspace, log, hybridClock, this::dispatcher);
        this.downstream =
                new Downstream(
                        keyspace,
                        log,
                        behind,
                        this,
                        new SyncFigures(
                                traffic::received,
                                replicas::bytesSent,
                                keyspace.localKeys()::count,
                                snapshots,
                                clock));
        this.nodes = new KnownNodes(own.node());
        this.shared =
                new UnitApplier.Shared(
                        keyspace,
                        log,
                        new LastWriteWins(keyspace, origins),
                        new OriginLocks(),
                        selects,
                        this::breakHistory,
                        behind,
                        this::dispatcher);
        this.workers =
                Executors.newScheduledThreadPool(
                        2,
                        task -> Thread.ofPlatform().daemon().name("replication").unstarted(task));
        appender.wanted(isActive, false);
        configuration.onChange(
                () -> log.limits(backlogBytes(), mostLogBytes()),
                ReplicationDirectives.BACKLOG_SIZE,
                NetworkDirectives.CLIENT_OUTPUT_BUFFER_LIMIT);
        configuration.onChange(
                this::updateConditions,
                ReplicationDirectives.REPLICA_READ_ONLY,
                ReplicationDirectives.SERVE_STALE_DATA,
                ReplicationDirectives.MIN_REPLICAS_TO_WRITE,
                ReplicationDirectives.MIN_REPLICAS_MAX_LAG);
    }

    /** Where the engine puts the effects of its units. */
    public UnitAppender effectLog() {
        return appender;
    }

    /** How the append-only file of this node looks. */
    public AofForm aofForm() {
        return isActive ? new ActiveAofForm(shared, hybridClock) : new PlainForm(shared.selects());
    }

    /** Has the task run whenever all data were replaced by those of a primary. */
    public void onDataReplaced(Runnable task) {
        dataReplaced = task;
    }

    /** The commands of replication. */
    public List<Command> commands() {
        return new ReplicationCommands(this).all();
    }

    /** INFO replication. */
    public ReportSection section() {
        return new ReplicationSection(this);
    }

    /** What replication tells in INFO stats. */
    public ReportSection figures() {
        return downstream.figures();
    }

    /** Takes a sample for the rates among them; ten a second. */
    public void sample() {
        downstream.figures().sample();
    }

    /** Lets these figures start at 0 again. */
    public void resetFigures() {
        downstream.figures().reset();
    }

    /** Whether all links have been merged once. */
    public Readiness readiness() {
        return readiness;
    }

    /**
     * Whether this node runs cron jobs that were last changed by that origin: in an active group
     * the node does that has changed a job last, be it by making or by running it, and when that is
     * not alive, the living one with the least id. A node that has just started waits until it is
     * merged. Any thread; does not wait.
     */
    public boolean runsJobsOf(int origin) {
        return readiness.objection().isEmpty()
                && (!isActive
                        || nodes.actsFor(log.origins().origin(origin).node(), clock.millis()));
    }

    /** Sends plain replicas a command that this node has not run; nothing when it follows one. */
    public void replicate(List<byte[]> words) {
        if (primary() == null && replicas.hasPlainReaders()) {
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(("*" + words.size() + "\r\n").getBytes(StandardCharsets.US_ASCII));
            for (byte[] word : words) {
                request.writeBytes(
                        ("$" + word.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
                request.writeBytes(word);
                request.writeBytes(new byte[] {'\r', '\n'});
            }
            log.appendPlain(new ConstantBytes(request.toByteArray()));
        }
    }

    /** Begins a new history, into which no replica can continue; those connected stay. */
    public void changeId() {
        log.breakHistory();
    }

    /** The fingerprint of all data. */
    public String digest() {
        try {
            return Digest.of(keyspace, snapshots);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Whether this is the replica of a plain primary, or is going to be when it is started. */
    @Override
    public boolean isReplica() {
        return plain == null ? !isActive && !configured().isEmpty() : primary() != null;
    }

    @Override
    public boolean isHistoryKept() {
        return log.isActive();
    }

    @Override
    public void resume(String id, long offset, int streamDatabase) {
        ReplicationIds history = ReplicationIds.of(id);
        if (isReplica()) {
            log.resume(history, offset);
            resumedDatabase = streamDatabase;
        } else {
            log.resume(history.branch(offset), offset);
            expectPlainReader();
        }
        LOG.info("The history {} goes on at offset {}", id, offset);
    }

    @Override
    public void expired(int database, long keyAddress, int keyLength) {
        if (log.isActive()) {
            byte[] key = Memory.bytes(keyAddress, keyLength);
            log.appendPlain(new RemovedKey(key, database, shared.selects()));
        }
    }

    /** What INFO calls this node. */
    String role() {
        return isActive ? "active-replica" : primary() == null ? "master" : "slave";
    }

    /** Says what runs commands; before anything is loaded. */
    public void connect(Dispatcher dispatcher) {
        startedDispatcher = dispatcher;
        dispatcher.blocking().waitingForCopies(waiters::count);
    }

    /** Begins to connect, with TLS when {@code tls-replication} says so, and to serve. */
    public void start(Dispatcher dispatcher, EventLoops loops, TlsContexts tls) throws IOException {
        LinkSettings links = new LinkSettings(configuration);
        Connector connector =
                new Connector(loops, workers, () -> links.usesTls() ? tls : null, links, traffic);
        if (isActive) {
            startActive(links, connector);
        } else {
            startPlain(links, connector, dispatcher);
        }
        countReplicas();
        workers.scheduleAtFixedRate(this::beat, 1, 1, TimeUnit.SECONDS);
    }

    private void startActive(LinkSettings links, Connector connector) throws IOException {
        PeerContext context =
                new PeerContext(shared, hybridClock, nodes, links, () -> activeNode().knowledge());
        ActiveNode node =
                new ActiveNode(
                        new ActiveNode.Parts(
                                keyspace,
                                log,
                                hybridClock,
                                nodes,
                                new LinksFile(directory),
                                () -> configuration.value(KeyspaceDirectives.MAXMEMORY)),
                        configuration.value(ReplicationDirectives.MULTI_MASTER),
                        (upstream, isFromStart) ->
                                new PeerLink(upstream, context, connector, isFromStart));
        active = node;
        node.start(configured());
    }

    private Dispatcher dispatcher() {
        return Objects.requireNonNull(startedDispatcher);
    }

    private void startPlain(LinkSettings links, Connector connector, Dispatcher dispatcher) {
        PlainContext context =
                new PlainContext(
                        keyspace,
                        log,
                        dispatcher,
                        conditions,
                        clients,
                        links,
                        replicas,
                        waiters,
                        functions,
                        streamLock,
                        () -> dataReplaced.run(),
                        () -> file,
                        directory);
        PlainNode node = new PlainNode(context, appender, connector, resumedDatabase);
        plain = node;
        configured().forEach(node::follow);
    }

    private List<Upstream> configured() {
        List<String> words = configuration.value(ReplicationDirectives.REPLICAOF);
        return words.isEmpty()
                ? List.of()
                : List.of(new Upstream(words.get(0), Integer.parseInt(words.get(1))));
    }

    /** Memory that the log takes. */
    public long logBytes() {
        return log.heldBytes();
    }

    /**
     * Memory that the log takes beyond the backlog, because somebody reads it slowly. Up to one
     * block more than the backlog is kept in any case.
     */
    public long bytesForSlowReaders() {
        long backlog = backlogBytes();
        long beyond = log.heldBytes() - backlog;
        return beyond <= OrderedLog.blockBytes(backlog) ? 0 : beyond;
    }

    private long backlogBytes() {
        return configuration.value(ReplicationDirectives.BACKLOG_SIZE);
    }

    /** As {@code client-output-buffer-limit} says of replicas: each reader is a replica. */
    private long mostLogBytes() {
        long hard = replicaLimit().hardBytes();
        return hard == 0 ? Long.MAX_VALUE : Math.max(hard, SLOW_READERS_BYTES);
    }

    private OutputLimits.Limit replicaLimit() {
        return configuration.value(NetworkDirectives.CLIENT_OUTPUT_BUFFER_LIMIT).limits().replica();
    }

    boolean isActive() {
        return isActive;
    }

    boolean isLoading() {
        return conditions.holds(Condition.LOADING);
    }

    Configuration configuration() {
        return configuration;
    }

    /** The log. */
    public OrderedLog log() {
        return log;
    }

    Replicas replicas() {
        return replicas;
    }

    /** What has been written by now. */
    Waiters.Target position() {
        return new Waiters.Target(log.plainOffset(), log.lastNumber(0), log.position());
    }

    /** The append-only file of this node, which tells of its progress by {@link #fileMoved}. */
    public void file(SyncedFile own) {
        file = own;
        waiters.file(own);
    }

    SyncedFile file() {
        return file;
    }

    /** More is on the disk than before, or the file was switched on or off. Any thread. */
    public void fileMoved() {
        waiters.check();
        PrimaryLink link = primary();
        if (link != null) {
            link.fileMoved();
        }
    }

    Waiters waiters() {
        return waiters;
    }

    Downstream downstream() {
        return downstream;
    }

    KnownNodes nodes() {
        return nodes;
    }

    Clock clock() {
        return clock;
    }

    long startMillis() {
        return startMillis;
    }

    Snapshots snapshots() {
        return snapshots;
    }

    ActiveNode activeNode() {
        ActiveNode node = active;
        if (node == null) {
            throw new IllegalStateException("not an active node, or not started");
        }
        return node;
    }

    PlainNode plainNode() {
        PlainNode node = plain;
        if (node == null) {
            throw new IllegalStateException("not a plain node, or not started");
        }
        return node;
    }

    /** Deleted keys that are remembered. */
    long tombstones() {
        ActiveNode node = active;
        return node == null ? 0 : node.tombstones();
    }

    /** Links to peers; none on a plain node. */
    List<PeerLink> links() {
        ActiveNode node = active;
        return node == null ? List.of() : node.links();
    }

    /** The link to the primary; null on a primary and on an active node. */
    @Nullable PrimaryLink primary() {
        PlainNode node = plain;
        return node == null ? null : node.primary();
    }

    /** A plain replica is about to read: from now on the log has what it needs. */
    void expectPlainReader() {
        lastPlainReaderMillis = clock.millis();
        if (primary() == null) {
            appender.wanted(true, true);
        }
    }

    @Override
    public Snapshot begin(Runnable atCut) {
        synchronized (streamLock) {
            return snapshots.begin(atCut);
        }
    }

    @Override
    public LogCut openLog(Runnable wake) {
        if (primary() == null) {
            log.forgetDatabase();
        }
        return log.openAtEnd(wake);
    }

    @Override
    public ReplicationIds ids() {
        return log.ids();
    }

    @Override
    public long offset() {
        return log.plainOffset();
    }

    /** What files with the data of this node hold. */
    public DataForm dataForm() {
        return isActive
                ? new ActiveDataForm(keyspace, this, shared, hybridClock)
                : new PlainDataForm(keyspace, this);
    }

    @Override
    public FunctionStore functions() {
        return functions;
    }

    @Override
    public int streamDatabase() {
        PrimaryLink link = primary();
        return link == null ? 0 : link.streamDatabase();
    }

    @Override
    public long timeoutMillis() {
        return configuration.value(ReplicationDirectives.TIMEOUT) * 1000;
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public DataForm.Pace pace(BooleanSupplier isCancelled) {
        return new KeyDelay(
                clock,
                configuration.setting(PersistenceDirectives.RDB_KEY_SAVE_DELAY),
                isCancelled);
    }

    /** What is done with snapshots, for INFO. */
    public SnapshotUse snapshotUse() {
        return new SnapshotUse() {
            @Override
            public boolean isSent() {
                return downstream.isSending();
            }

            @Override
            public long savedBytes() {
                return snapshots.savedBytes();
            }

            @Override
            public long lastSavedBytes() {
                return snapshots.lastSavedBytes();
            }
        };
    }

    /**
     * What plain replicas have read is no longer how this node came to its data; they sync again.
     */
    private void breakHistory() {
        log.breakHistory();
        replicas.disconnectPlain();
    }

    private void updateConditions() {
        PlainNode node = plain;
        if (node != null) {
            node.updateConditions();
        }
        countReplicas();
    }

    @Override
    public void countReplicas() {
        long least = configuration.value(ReplicationDirectives.MIN_REPLICAS_TO_WRITE);
        long lag = configuration.value(ReplicationDirectives.MIN_REPLICAS_MAX_LAG);
        boolean tooFew =
                least > 0
                        && lag > 0
                        && primary() == null
                        && replicas.good(clock.millis(), lag * 1000) < least;
        conditions.set(Condition.TOO_FEW_REPLICAS, tooFew);
    }

    private void beat() {
        try {
            replicas.sweep();
            waiters.check();
            updateConditions();
            long now = clock.millis();
            ActiveNode node = active;
            if (node != null) {
                node.beat();
                shared.behind().askAgain();
                tellPeers(node.knowledge(), now);
            }
            PlainNode plainNode = plain;
            if (plainNode != null) {
                plainNode.beat();
            }
            beatPlainReaders(now);
            dropSilent(now);
            limitLags(now);
        } catch (RuntimeException bug) {
            LOG.error("The round of replication failed; please report this", bug);
        }
    }

    private void tellPeers(String knowledge, long now) {
        for (ReplicaSession session : replicas.readers()) {
            if (session.peer() != null) {
                session.connection().execute(() -> downstream.beat(session, knowledge, now));
            }
        }
    }

    private void beatPlainReaders(long now) {
        if (primary() != null) {
            return;
        }
        if (replicas.hasPlainReaders()) {
            if (!hadPlainReaders) {
                lastPingMillis = now; // the first one hears enough for now
            }
            hadPlainReaders = true;
            lastPlainReaderMillis = now;
            long period = configuration.value(ReplicationDirectives.PING_PERIOD) * 1000;
            if (now - lastPingMillis >= period) {
                lastPingMillis = now;
                log.appendPlain(new ConstantBytes(PING));
            }
            return;
        }
        hadPlainReaders = false;
        if (lastPlainReaderMillis != 0) {
            long ttl = configuration.value(ReplicationDirectives.BACKLOG_TTL) * 1000;
            if (ttl > 0 && now - lastPlainReaderMillis > ttl) {
                forgetPlainHistory();
            }
        }
    }

    /** Nobody has read plain bytes for a long time. */
    private void forgetPlainHistory() {
        lastPlainReaderMillis = 0;
        appender.wanted(isActive, false);
        log.breakHistory();
        if (!isActive && log.release()) {
            LOG.info("Replication backlog freed: there has been no replica for a long time");
        }
    }

    /** No limit is less than what the log keeps in any case. */
    private void limitLags(long now) {
        OutputLimits.Limit limit = replicaLimit();
        long hard = limit.hardBytes() == 0 ? 0 : Math.max(limit.hardBytes(), backlogBytes());
        OutputLimits.Limit applied =
                new OutputLimits.Limit(hard, limit.softBytes(), limit.softSeconds());
        for (ReplicaSession session : replicas.readers()) {
            if (session.isPlainReader()) {
                session.connection().execute(() -> downstream.limitLag(session, applied, now));
            }
        }
    }

    private void dropSilent(long now) {
        long timeout = configuration.value(ReplicationDirectives.TIMEOUT) * 1000;
        for (ReplicaSession session : replicas.readers()) {
            // One that loads its snapshot may be silent for long; it is given up when the log is.
            boolean isSilent =
                    session.stage() == ReplicaSession.Stage.ONLINE
                            && now - session.lastHeardMillis() > timeout;
            if (isSilent || session.isOverrun()) {
                LOG.warn("Disconnecting timedout replica: {}", session.connection().remoteText());
                session.connection().close();
            }
        }
    }

    /** Lets clients that wait for replicas go on with what has been reached. */
    public void answerWaiters() {
        waiters.answerAll();
    }

    /** Whether readers have what is written, for who wants to wait for that. */
    public CatchUp catchUp() {
        return new CatchUp(this, clock);
    }

    /**
     * Lets readers have what was written, for at most so long; before the connections are closed.
     */
    public void drain(long graceMillis) {
        long deadline = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(graceMillis);
        Waiters.Target target = position();
        List<ReplicaSession> readers = replicas.readers();
        readers.removeIf(session -> session.stage() != ReplicaSession.Stage.ONLINE);
        if (readers.isEmpty()) {
            return;
        }
        if (isActive) {
            ReplicationCommands.askForAcknowledgements(this);
        }
        while (clock.nanos() < deadline && !allHave(readers, target)) {
            LockSupport.parkNanos(DRAIN_PAUSE_NANOS);
        }
    }

    /**
     * Plain replicas are not asked: what asks them is a part of the history, which the dump file
     * may have ended before.
     */
    private boolean allHave(List<ReplicaSession> readers, Waiters.Target target) {
        long end = log.plainOffset();
        for (ReplicaSession session : readers) {
            boolean has =
                    session.isPlainReader() ? session.hasLeft(end) : target.isReachedBy(session);
            if (!session.connection().isClosed() && !has) {
                return false;
            }
        }
        return true;
    }

    /**
     * Ends all links, syncs and threads; the data stay.
     *
     * @return whether all threads that use the data have ended; those of links end with the event
     *     loops
     */
    public boolean stop(long graceMillis) {
        ActiveNode node = active;
        if (node != null) {
            node.stop();
        }
        PlainNode plainNode = plain;
        workers.shutdownNow();
        try {
            boolean ended = plainNode == null || plainNode.stop(graceMillis);
            return ended
                    & downstream.stop(graceMillis)
                    & workers.awaitTermination(graceMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
