package io.keydb.server.boot;

import io.keydb.server.acl.AclLog;
import io.keydb.server.client.ClientDirectives;
import io.keydb.server.client.ClientKind;
import io.keydb.server.cluster.ClusterCommands;
import io.keydb.server.command.CommandTable;
import io.keydb.server.command.Condition;
import io.keydb.server.command.Dispatcher;
import io.keydb.server.command.Gatekeeper;
import io.keydb.server.command.Statistics;
import io.keydb.server.command.connection.ClientCommands;
import io.keydb.server.command.connection.ConnectionCommands;
import io.keydb.server.command.introspection.CommandCommands;
import io.keydb.server.config.ConfigFileException;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Setting;
import io.keydb.server.cron.CronRuns;
import io.keydb.server.keyspace.eviction.EvictionDirectives;
import io.keydb.server.management.ManagementDirectives;
import io.keydb.server.management.ManagementServer;
import io.keydb.server.management.Metrics;
import io.keydb.server.management.Probes;
import io.keydb.server.migration.ConnectionTerms;
import io.keydb.server.migration.Migration;
import io.keydb.server.modules.ModuleCommands;
import io.keydb.server.modules.Modules;
import io.keydb.server.modules.ModulesSection;
import io.keydb.server.net.NetworkDirectives;
import io.keydb.server.net.tls.TlsContexts;
import io.keydb.server.net.tls.TlsDirectives;
import io.keydb.server.observability.ClientsSection;
import io.keydb.server.observability.ClusterSection;
import io.keydb.server.observability.CommandsSection;
import io.keydb.server.observability.ConfigCommands;
import io.keydb.server.observability.CpuSection;
import io.keydb.server.observability.DebugCommands;
import io.keydb.server.observability.EngineProbe;
import io.keydb.server.observability.ErrorsSection;
import io.keydb.server.observability.KeyspaceSection;
import io.keydb.server.observability.MachinePressure;
import io.keydb.server.observability.MemoryCommands;
import io.keydb.server.observability.MemorySection;
import io.keydb.server.observability.OverloadProtection;
import io.keydb.server.observability.Sections;
import io.keydb.server.observability.ServerCommands;
import io.keydb.server.observability.ServerSection;
import io.keydb.server.observability.StatsSection;
import io.keydb.server.persistence.DumpCommands;
import io.keydb.server.persistence.Persistence;
import io.keydb.server.persistence.Reload;
import io.keydb.server.persistence.rdb.DumpPayload;
import io.keydb.server.pubsub.KeyspaceNotifications;
import io.keydb.server.pubsub.PubSubCommands;
import io.keydb.server.pubsub.Subscriptions;
import io.keydb.server.replication.Replication;
import io.keydb.server.replication.ReplicationDirectives;
import io.keydb.server.scripting.Scripting;
import io.keydb.server.shutdown.Shutdown;
import io.keydb.server.support.Clock;
import io.keydb.server.support.Readiness;
import io.keydb.server.support.ReportSection;
import io.keydb.server.tracking.Tracking;
import io.keydb.server.tracking.TrackingCommands;
import io.keydb.server.tracking.TrackingDirectives;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One running server: all subsystems, put together by constructors, without any framework and
 * without any static state, so that a test can run several in one process.
 *
 * <p>Start: the client port is taken first, so that a second server of the same configuration fails
 * before it has done anything; then subsystems, background rounds and the management port; clients
 * are let in last. Stop: the reverse; see {@link #stop}.
 *
 * <p>Threads: started and stopped by one thread; in between each part has its own rule.
 */
public final class Server implements AutoCloseable {
    private static final int RUN_ID_BYTES = 20;
    private static final long CLOSE_GRACE_MILLIS = 2000;
    private static final long LAST_GRACE_MILLIS = 500;

    private static final long MOST_DRAIN_MILLIS = 3000;

    private final Configuration configuration;
    private final Clock clock = Clock.system();
    private final long startMillis = clock.millis();
    private final Engine engine;
    private final Replication replication;
    private final Persistence persistence;
    private final Reload reload;
    private final DumpCommands dumps = new DumpCommands();
    private final Migration migration =
            new Migration(
                    DumpPayload::write,
                    new ConnectionTerms(this::sourceAddress, this::tlsOfCluster, clock));
    private final Subscriptions subscriptions = new Subscriptions();
    private final Scripting scripting;
    private final Tracking tracking;
    private final Instruments instruments;
    private final Dispatcher dispatcher;
    private final Modules modules;
    private final Network network;
    private final StatsSection stats;
    private final Sections sections;
    private final Cron cron;
    private final EngineProbe probe;
    private final Shutdown shutdown;
    private final DebugHost debugHost;
    private @Nullable ManagementServer management;
    private volatile boolean stopping;
    private @Nullable Boolean stopped;

    /** Where the server comes from, for INFO. */
    public record Origin(String configFile, String executable) {
        /** A server inside another program. */
        public static final Origin EMBEDDED = new Origin("", "");
    }

    private Server(Configuration configuration, Origin origin, Host host)
            throws IOException, ConfigFileException {
        this.configuration = configuration;
        boolean active = configuration.value(ReplicationDirectives.ACTIVE_REPLICA);
        this.engine = new Engine(configuration, active, false, clock);
        this.scripting =
                new Scripting(
                        engine.keyspace(),
                        engine.conditions(),
                        engine.workers(),
                        configuration,
                        new FunctionPayloads(engine.keyspace().pages()));
        this.replication =
                new Replication(
                        new Replication.Parts(
                                configuration,
                                engine.keyspace(),
                                engine.conditions(),
                                engine.clients(),
                                clock,
                                Path.of(configuration.value(BootDirectives.DIR)),
                                scripting.functionStore()));
        this.persistence =
                new Persistence(
                        new Persistence.Parts(
                                configuration,
                                engine.keyspace(),
                                engine.conditions(),
                                replication.dataForm(),
                                this::changes,
                                clock,
                                () -> Path.of(configuration.value(BootDirectives.DIR)),
                                new Persistence.AofSource(
                                        replication.log(),
                                        replication.effectLog(),
                                        replication.aofForm()),
                                this::dispatcher,
                                origin == Origin.EMBEDDED
                                        ? () -> {}
                                        : () -> Runtime.getRuntime().halt(1)));
        replication.onDataReplaced(persistence.appendOnly()::replaced);
        replication.file(persistence.appendOnly());
        persistence.appendOnly().onProgress(replication::fileMoved);
        this.reload =
                new Reload(engine.keyspace(), persistence.saves()::file, scripting.functionStore());
        this.shutdown =
                new Shutdown(
                        configuration,
                        engine.conditions(),
                        engine.clients(),
                        clock,
                        new ServerEnd(
                                engine.conditions(),
                                engine.pause(),
                                replication.catchUp(),
                                persistence,
                                scripting,
                                this::isCronPaused,
                                this::stop,
                                this::stopAccepting,
                                host));
        this.debugHost =
                new DebugHost(
                        host,
                        new DebugHost.Parts(
                                configuration,
                                configFile(origin),
                                shutdown,
                                this::sections,
                                engine.clients(),
                                clock));
        MemorySection memory =
                new MemorySection(
                        engine.keyspace(),
                        engine.memoryUse(),
                        configuration,
                        engine.defragmentation(),
                        scripting);
        this.tracking =
                new Tracking(
                        engine.keyspace(),
                        engine.clients(),
                        () -> configuration.value(TrackingDirectives.TRACKING_TABLE_MAX_KEYS));
        configuration.onChange(tracking::limitChanged, TrackingDirectives.TRACKING_TABLE_MAX_KEYS);
        this.instruments = new Instruments(configuration, clock);
        Gatekeeper gatekeeper = engine.accessControl().gatekeeper();
        this.dispatcher =
                engine.dispatcher(
                        CommandFamilies.with(
                                new ConnectionCommands(
                                                gatekeeper,
                                                new Roles(),
                                                call -> modules().replyAll(call))
                                        .all(),
                                engine.accessControl().commands(),
                                new ClientCommands(
                                                engine.clients(),
                                                gatekeeper,
                                                engine.pause(),
                                                new TrackingCommands(tracking, engine.clients())
                                                        .all())
                                        .all(),
                                new CommandCommands(this::commands).all(),
                                new PubSubCommands(subscriptions).all(),
                                ClusterCommands.all(),
                                new ServerCommands(this::sections).all(),
                                new MemoryCommands(memory).all(),
                                instruments.commands(this::dispatcher),
                                new ConfigCommands(configuration, configParts(origin)).all(),
                                new DebugCommands(configuration, this::probe, this::debugHost)
                                        .all(),
                                new ModuleCommands(
                                                this::modules,
                                                engine.accessControl()::mayUseModules)
                                        .all(),
                                dumps.all(),
                                migration.commands(),
                                persistence.commands(),
                                shutdown.commands(),
                                scripting.commands(),
                                replication.commands()));
        scripting.connect(dispatcher);
        replication.connect(dispatcher);
        dispatcher.effectLog(replication.effectLog());
        dispatcher.stateForm(DumpPayload::write);
        dispatcher.readTracking(tracking);
        this.modules =
                new Modules(
                        new Modules.Parts(
                                dispatcher.table(),
                                configuration,
                                engine.keyspace(),
                                engine.accessControl()::commandsChanged,
                                DumpPayload::write));
        this.probe =
                new EngineProbe(
                        dispatcher, engine.keyspace(), engine.activeExpiry(), debugContents());
        engine.activeExpiry()
                .dueJobs(
                        new CronRuns(
                                engine.keyspace(),
                                dispatcher,
                                engine.workers()::execute,
                                replication::runsJobsOf));
        new KeyspaceNotifications(subscriptions, engine.keyspace(), configuration).start();
        this.network = new Network(configuration, clock, dispatcher);
        persistence.appendOnly().holdReplies(network.loops());
        Statistics statistics = dispatcher.statistics();
        this.stats =
                new StatsSection(
                        statistics,
                        engine.clients(),
                        listened(),
                        denied(),
                        engine.defragmentation(),
                        engine.eviction(),
                        engine.activeExpiry(),
                        clock);
        this.sections = new Sections(sections(origin, memory));
        engine.eviction().latency(instruments.latency());
        persistence.appendOnly().latency(instruments.latency());
        this.cron =
                new Cron(
                        configuration,
                        clock,
                        engine.activeExpiry(),
                        engine.defragmentation(),
                        instruments.latency(),
                        List.of(
                                engine.keyspace()::tick,
                                engine.pause()::tick,
                                new MachinePressure(engine.eviction(), configuration)::sample,
                                tracking::trim,
                                stats::sample,
                                replication::sample,
                                memory::sample,
                                persistence::tick,
                                migration::tick,
                                shutdown::tick,
                                network::tick,
                                network::rotateCertificates,
                                engine.clientEviction()::review,
                                new OverloadProtection(engine.clients(), configuration, clock)
                                        ::sample));
        boundMemory();
    }

    private DebugContents debugContents() {
        return new DebugContents(
                new DebugContents.Parts(
                        engine.keyspace(),
                        engine.conditions(),
                        replication,
                        scripting,
                        persistence,
                        reload,
                        dumps,
                        this::cron));
    }

    private String sourceAddress() {
        return configuration.value(NetworkDirectives.BIND_SOURCE_ADDR);
    }

    private @Nullable TlsContexts tlsOfCluster() {
        return configuration.value(TlsDirectives.CLUSTER) ? network.tlsContexts() : null;
    }

    private static Optional<Path> configFile(Origin origin) {
        return Optional.of(origin.configFile()).filter(file -> !file.isEmpty()).map(Path::of);
    }

    private ConfigCommands.Parts configParts(Origin origin) {
        return new ConfigCommands.Parts(
                configFile(origin),
                engine.conditions(),
                engine.accessControl()::mayChangeProtected,
                this::resetCounters);
    }

    private StatsSection.Denied denied() {
        AclLog log = engine.accessControl().log();
        return new StatsSection.Denied(
                log::failedAuthentications,
                log::deniedCommands,
                log::deniedKeys,
                log::deniedChannels);
    }

    /**
     * Replicas leave it to their primary to evict; what slow readers of the log hold is not data.
     */
    private void boundMemory() {
        Setting<Boolean> ignored =
                configuration.setting(EvictionDirectives.REPLICA_IGNORE_MAXMEMORY);
        engine.eviction().allowedWhen(() -> !(ignored.value() && replication.isReplica()));
        engine.memoryUse().log(replication::logBytes, replication::bytesForSlowReaders);
    }

    private StatsSection.Listened listened() {
        return new StatsSection.Listened(
                subscriptions::channels,
                subscriptions::patterns,
                subscriptions::shardChannels,
                tracking::keys,
                tracking::items,
                tracking::prefixes);
    }

    /** Starts a server as the configuration says. */
    public static Server start(Configuration configuration, Origin origin, Host host)
            throws IOException, ConfigFileException {
        return start(new Server(configuration, origin, host), false);
    }

    /** Starts a server on a port that the system chooses. */
    public static Server startAnywhere(Configuration configuration)
            throws IOException, ConfigFileException {
        return start(new Server(configuration, Origin.EMBEDDED, Host.EMBEDDED), true);
    }

    private static Server start(Server server, boolean anywhere)
            throws IOException, ConfigFileException {
        boolean started = false;
        try {
            server.open(anywhere);
            started = true;
        } finally {
            if (!started) {
                server.close();
            }
        }
        return server;
    }

    private void open(boolean anywhere) throws IOException, ConfigFileException {
        modules.start();
        engine.accessControl().start();
        if (anywhere) {
            network.listenAnywhere();
        } else {
            network.listen();
        }
        openManagement();
        boolean loads = persistence.hasData();
        if (loads) {
            engine.conditions().raise(Condition.LOADING);
            network.letClientsIn(); // they hear LOADING
            persistence.load();
        }
        persistence.start();
        replication.start(dispatcher, network.loops(), network.tlsContexts());
        if (loads) {
            engine.conditions().clear(Condition.LOADING);
        }
        cron.start();
        network.letClientsIn();
    }

    /** How it is ended by signals. */
    Shutdown shutdown() {
        return shutdown;
    }

    private long changes() {
        return dispatcher.statistics().changes();
    }

    private void openManagement() throws IOException {
        int port = Math.toIntExact(configuration.value(ManagementDirectives.MANAGEMENT_PORT));
        if (port != 0) {
            String address = configuration.value(ManagementDirectives.MANAGEMENT_BIND);
            management =
                    ManagementServer.start(
                            address,
                            port,
                            new Probes(List.of(new Stopping(), replication.readiness())),
                            this::metrics);
        }
    }

    private List<ReportSection> sections(Origin origin, MemorySection memory) {
        Statistics statistics = dispatcher.statistics();
        return List.of(
                new ServerSection(
                        identity(origin),
                        configuration,
                        clock,
                        () -> replication.isReplica() ? "slave" : "master",
                        shutdown::remainingMillis),
                new ClientsSection(
                        engine.clients(),
                        () -> dispatcher.blocking().blocked() + shutdown.callers(),
                        dispatcher.blocking(),
                        tracking::clients,
                        configuration),
                memory,
                persistence.section(replication.snapshotUse()),
                stats,
                migration.section(),
                replication.figures(),
                replication.section(),
                new CpuSection(),
                new ModulesSection(modules),
                new CommandsSection(dispatcher.table(), statistics),
                instruments.watch(dispatcher),
                new ErrorsSection(statistics),
                new ClusterSection(),
                new KeyspaceSection(engine.keyspace()));
    }

    private ServerSection.Identity identity(Origin origin) {
        byte[] runId = new byte[RUN_ID_BYTES];
        new SecureRandom().nextBytes(runId);
        return new ServerSection.Identity(
                HexFormat.of().formatHex(runId),
                startMillis,
                origin.configFile(),
                origin.executable(),
                Supervision.of(configuration.value(ProcessDirectives.SUPERVISED), System.getenv())
                        .name(),
                network.loops().isEpoll(),
                network::listenerLines);
    }

    /** Its commands. */
    public CommandTable commands() {
        return dispatcher.table();
    }

    private Dispatcher dispatcher() {
        return dispatcher;
    }

    private Sections sections() {
        return sections;
    }

    private Cron cron() {
        return cron;
    }

    private Modules modules() {
        return modules;
    }

    private DebugCommands.Probe probe() {
        return probe;
    }

    /** What may be done to its process. */
    DebugHost debugHost() {
        return debugHost;
    }

    private void resetCounters() {
        stats.reset();
        replication.resetFigures();
    }

    private String metrics() {
        Metrics metrics = new Metrics();
        sections.report(metrics);
        return metrics.toString();
    }

    /** Where clients can connect. */
    public List<InetSocketAddress> addresses() {
        return network.listening();
    }

    /** The port clients can connect to. */
    public int port() {
        return network.listening().getFirst().getPort();
    }

    /** The port of the probes and metrics, or 0. */
    public int managementPort() {
        ManagementServer http = management;
        return http == null ? 0 : http.port();
    }

    /** Whether it takes its data from another server. */
    public boolean isReplica() {
        return replication.isReplica();
    }

    /** Has the task run `hz` times a second from now on; it must be short. */
    public void everyRound(Runnable task) {
        cron.add(task);
    }

    /** The configuration it runs with. */
    public Configuration configuration() {
        return configuration;
    }

    /**
     * Stops in order: takes no new clients, lets every client have the replies to what it has sent,
     * then replicas and peers the last of what was written, and ends all threads. What takes longer
     * than the grace is cut off. The data stay in memory: a process that ends needs not free them.
     *
     * @return whether all threads that use the data have ended
     */
    public synchronized boolean stop(long graceMillis) {
        if (stopped == null) {
            stopped = stopOnce(graceMillis);
        }
        return stopped;
    }

    private boolean isCronPaused() {
        return cron.isPaused();
    }

    private void stopAccepting() {
        network.stopAccepting();
    }

    private boolean stopOnce(long graceMillis) {
        stopping = true;
        ClientDrain clients = new ClientDrain(engine.clients(), clock, graceMillis);
        network.stopAccepting();
        replication.answerWaiters();
        clients.close(kind -> kind != ClientKind.REPLICA);
        replication.drain(Math.min(graceMillis, MOST_DRAIN_MILLIS));
        boolean ended = replication.stop(LAST_GRACE_MILLIS);
        clients.close(kind -> true);
        cron.close();
        if (management != null) {
            management.close();
        }
        ended &= engine.stop(LAST_GRACE_MILLIS);
        migration.close();
        ended &= persistence.appendOnly().end();
        network.close();
        instruments.close();
        return ended;
    }

    /** Stops with a short grace and frees all memory. */
    @Override
    public void close() {
        if (stop(CLOSE_GRACE_MILLIS)) {
            scripting.close();
            engine.close();
        }
    }

    /** A server that is about to stop should be given no more traffic. */
    private final class Stopping implements Readiness {
        @Override
        public String name() {
            return "server";
        }

        @Override
        public Optional<String> objection() {
            return stopping || shutdown.isPending()
                    ? Optional.of("the server is stopping")
                    : Optional.empty();
        }
    }

    /** What HELLO tells; of the role, clients only ask whether they may write. */
    private final class Roles implements ConnectionCommands.RoleTeller {
        @Override
        public String role() {
            return replication.isReplica() ? "replica" : "master";
        }

        @Override
        public String availabilityZone() {
            return configuration.value(ClientDirectives.AVAILABILITY_ZONE);
        }
    }
}
