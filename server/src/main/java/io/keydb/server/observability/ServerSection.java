package io.keydb.server.observability;

import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.client.ClientDirectives;
import io.keydb.server.config.Configuration;
import io.keydb.server.keyspace.KeyspaceDirectives;
import io.keydb.server.net.NetworkDirectives;
import io.keydb.server.net.tls.TlsDirectives;
import io.keydb.server.support.Clock;
import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;
import io.keydb.server.support.Version;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * INFO server: which program this is and where it runs.
 *
 * <p>Threads: safe, because immutable.
 */
public final class ServerSection implements ReportSection {
    static final Statistic UP = gauge("", "redis_up", "1 while the server answers.");
    static final Statistic PROCESS_ID =
            gauge("process_id", "redis_process_id", "Id of the process.");
    static final Statistic START_TIME =
            gauge("", "redis_start_time_seconds", "Unix time at which the server started.");
    static final Statistic UPTIME =
            gauge(
                    "uptime_in_seconds",
                    "redis_uptime_in_seconds",
                    "Seconds since the server started.");
    static final Statistic THREADS =
            gauge("server_threads", "keydb_server_threads", "Event loops that serve clients.");

    static final Statistic INSTANCE =
            gauge("", "redis_instance_info", "1, labelled with what the server is.");
    static final Statistic HZ = gauge("hz", "redis_hz", "Background rounds per second.");
    static final Statistic CONFIGURED_HZ =
            gauge("configured_hz", "redis_configured_hz", "Value of the directive hz.");
    static final Statistic THREADS_ACTIVE =
            gauge(
                    "io_threads_active",
                    "redis_io_threads_active",
                    "1 when there is more than one event loop.");
    static final Statistic THREADS_TOTAL =
            gauge(
                    "",
                    "redis_server_threads_total",
                    "Event loops that serve clients, under the name exporters use.");

    private static final long SECONDS_PER_DAY = 24 * 60 * 60;
    private static final int LRU_CLOCK_MASK = 0xFFFFFF;
    private static final String MODE = "standalone";

    private final Identity identity;
    private final Configuration configuration;
    private final Clock clock;
    private final Supplier<String> role;
    private final LongSupplier millisToShutdown;

    /**
     * What does not change while a server runs, and where it listens.
     *
     * @param runId 40 hexadecimal characters, new at each start
     * @param startMillis unix time of the start
     * @param configFile absolute path, or empty
     * @param executable path of the program
     * @param supervisor who watches over the process, or "no"
     * @param epoll whether the event loops use epoll
     * @param listeners one line for each kind of listener, as of now
     */
    public record Identity(
            String runId,
            long startMillis,
            String configFile,
            String executable,
            String supervisor,
            boolean epoll,
            Supplier<List<String>> listeners) {}

    /**
     * @param role "master" or "slave" as INFO replication tells it
     * @param millisToShutdown how long the end may still wait for replicas, or -1
     */
    public ServerSection(
            Identity identity,
            Configuration configuration,
            Clock clock,
            Supplier<String> role,
            LongSupplier millisToShutdown) {
        this.role = role;
        this.millisToShutdown = millisToShutdown;
        this.identity = identity;
        this.configuration = configuration;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "server";
    }

    @Override
    public void report(Report report) {
        report.number(UP, 1);
        program(report);
        process(report);
        long frequency = configuration.value(KeyspaceDirectives.HZ);
        report.number(HZ, frequency);
        report.number(CONFIGURED_HZ, frequency);
        report.text("lru_clock", Long.toString(clock.millis() / 1000 & LRU_CLOCK_MASK));
        report.text("executable", identity.executable());
        report.text("config_file", identity.configFile());
        report.text("availability_zone", configuration.value(ClientDirectives.AVAILABILITY_ZONE));
        long threads = configuration.value(NetworkDirectives.SERVER_THREADS);
        report.number(THREADS_ACTIVE, threads > 1 ? 1 : 0);
        report.number(THREADS, threads);
        report.number(THREADS_TOTAL, threads);
        instance(report);
        long remaining = millisToShutdown.getAsLong();
        if (remaining >= 0) {
            report.text("shutdown_in_milliseconds", Long.toString(remaining));
        }
        List<String> listeners = identity.listeners().get();
        for (int i = 0; i < listeners.size(); i++) {
            report.text("listener" + i, listeners.get(i));
        }
    }

    private void instance(Report report) {
        report.described(
                INSTANCE,
                1,
                "redis_version",
                Version.REDIS,
                "redis_mode",
                MODE,
                "os",
                system(),
                "role",
                role.get(),
                "maxmemory_policy",
                configuration.text(KeyspaceDirectives.MAXMEMORY_POLICY),
                "tcp_port",
                configuration.text(NetworkDirectives.PORT),
                "process_id",
                Long.toString(ProcessHandle.current().pid()),
                "run_id",
                identity.runId());
    }

    private static String system() {
        return System.getProperty("os.name")
                + " "
                + System.getProperty("os.version")
                + " "
                + System.getProperty("os.arch");
    }

    private void program(Report report) {
        report.text("redis_version", Version.REDIS);
        report.text("redis_git_sha1", "00000000");
        report.text("redis_git_dirty", "0");
        report.text("redis_build_id", "0");
        report.text("server_name", "keydb");
        report.text("keydb_version", Version.own());
        report.text("redis_mode", MODE);
        report.text("os", system());
        report.text("arch_bits", "64");
        report.text("monotonic_clock", "System.nanoTime");
        report.text("multiplexing_api", identity.epoll() ? "epoll" : "nio");
        report.text("java_version", System.getProperty("java.version"));
    }

    private void process(Report report) {
        long uptime = (clock.millis() - identity.startMillis()) / 1000;
        report.number(PROCESS_ID, ProcessHandle.current().pid());
        report.text("process_supervised", identity.supervisor());
        report.text("run_id", identity.runId());
        long port = configuration.value(NetworkDirectives.PORT);
        report.text(
                "tcp_port",
                port == 0 ? configuration.text(TlsDirectives.PORT) : Long.toString(port));
        report.text("server_time_usec", Long.toString(clock.micros()));
        report.number(START_TIME, identity.startMillis() / 1000);
        report.number(UPTIME, uptime);
        report.text("uptime_in_days", Long.toString(uptime / SECONDS_PER_DAY));
    }
}
