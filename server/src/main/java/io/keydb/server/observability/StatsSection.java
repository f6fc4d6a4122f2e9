package io.keydb.server.observability;

import static io.keydb.server.support.Statistic.counter;
import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.client.Client;
import io.keydb.server.client.Clients;
import io.keydb.server.command.Statistics;
import io.keydb.server.keyspace.ActiveDefragmentation;
import io.keydb.server.keyspace.ActiveExpiry;
import io.keydb.server.keyspace.eviction.Eviction;
import io.keydb.server.net.Connection;
import io.keydb.server.support.Clock;
import io.keydb.server.support.Rates;
import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * INFO stats: what has happened since the start or the last CONFIG RESETSTAT.
 *
 * <p>Threads: safe; sums are taken while others count.
 */
public final class StatsSection implements ReportSection {
    static final Statistic CONNECTIONS =
            counter(
                    "total_connections_received",
                    "redis_connections_received_total",
                    "Connections accepted.");
    static final Statistic COMMANDS =
            counter(
                    "total_commands_processed",
                    "redis_commands_processed_total",
                    "Commands executed.");
    static final Statistic COMMANDS_PER_SECOND =
            gauge(
                    "instantaneous_ops_per_sec",
                    "redis_instantaneous_ops_per_sec",
                    "Commands per second at the moment.");
    static final Statistic INPUT =
            counter(
                    "total_net_input_bytes",
                    "redis_net_input_bytes_total",
                    "Bytes received from clients.");
    static final Statistic OUTPUT =
            counter(
                    "total_net_output_bytes",
                    "redis_net_output_bytes_total",
                    "Bytes sent to clients.");
    static final Statistic INPUT_RATE =
            gauge(
                    "instantaneous_input_kbps",
                    "redis_instantaneous_input_kbps",
                    "Kilobytes received per second at the moment.");
    static final Statistic OUTPUT_RATE =
            gauge(
                    "instantaneous_output_kbps",
                    "redis_instantaneous_output_kbps",
                    "Kilobytes sent per second at the moment.");
    static final Statistic REJECTED =
            counter(
                    "rejected_connections",
                    "redis_rejected_connections_total",
                    "Connections refused because of maxclients or protected mode.");
    static final Statistic EXPIRED =
            counter(
                    "expired_keys",
                    "redis_expired_keys_total",
                    "Keys removed because their time had come.");
    static final Statistic EVICTED =
            counter(
                    "evicted_keys",
                    "redis_evicted_keys_total",
                    "Keys removed because maxmemory was reached.");
    static final Statistic EVICTED_CLIENTS =
            counter(
                    "evicted_clients",
                    "redis_evicted_clients_total",
                    "Clients disconnected because maxmemory-clients was reached.");
    static final Statistic INPUT_DISCONNECTIONS =
            counter(
                    "client_query_buffer_limit_disconnections",
                    "redis_client_query_buffer_limit_disconnections_total",
                    "Clients disconnected because of client-query-buffer-limit.");
    static final Statistic OUTPUT_DISCONNECTIONS =
            counter(
                    "client_output_buffer_limit_disconnections",
                    "redis_client_output_buffer_limit_disconnections_total",
                    "Clients disconnected because of client-output-buffer-limit.");
    static final Statistic EXCEEDED =
            counter(
                    "total_eviction_exceeded_time",
                    "redis_eviction_exceeded_time_ms_total",
                    "Milliseconds during which used_memory was above maxmemory.");
    static final Statistic EXCEEDING =
            gauge(
                    "current_eviction_exceeded_time",
                    "redis_current_eviction_exceeded_time_ms",
                    "Milliseconds for which used_memory has been above maxmemory; 0 when it is"
                            + " not.");
    static final Statistic HITS =
            counter(
                    "keyspace_hits",
                    "redis_keyspace_hits_total",
                    "Look-ups of a key for reading that found it.");
    static final Statistic MISSES =
            counter(
                    "keyspace_misses",
                    "redis_keyspace_misses_total",
                    "Look-ups of a key for reading that did not find it.");
    static final Statistic ERRORS =
            counter("total_error_replies", "redis_total_error_replies", "Error replies sent.");
    static final Statistic PROTOCOL_ERRORS =
            counter(
                    "total_protocol_errors",
                    "keydb_protocol_errors_total",
                    "Connections closed because what they sent was no request.");
    static final Statistic BUGS =
            counter(
                    "unexpected_error_replies",
                    "redis_unexpected_error_replies",
                    "Commands that failed in a way no client can cause; each is logged.");

    static final Statistic CHANNELS =
            gauge("pubsub_channels", "redis_pubsub_channels", "Channels that a client listens to.");
    static final Statistic PATTERNS =
            gauge(
                    "pubsub_patterns",
                    "redis_pubsub_patterns",
                    "Patterns of channels that a client listens to.");
    static final Statistic SHARD_CHANNELS =
            gauge(
                    "pubsubshard_channels",
                    "redis_pubsubshard_channels",
                    "Sharded channels that a client listens to.");

    static final Statistic TRACKED_KEYS =
            gauge(
                    "tracking_total_keys",
                    "redis_tracking_total_keys",
                    "Keys of which a client may keep a copy.");
    static final Statistic TRACKED_ITEMS =
            gauge(
                    "tracking_total_items",
                    "redis_tracking_total_items",
                    "Pairs of a key and a client that may keep a copy of it.");
    static final Statistic TRACKED_PREFIXES =
            gauge(
                    "tracking_total_prefixes",
                    "redis_tracking_total_prefixes",
                    "Prefixes of keys whose changes clients are told.");
    static final Statistic DENIED_AUTHENTICATIONS =
            counter(
                    "acl_access_denied_auth",
                    "redis_acl_access_denied_auth_total",
                    "Failed authentications.");
    static final Statistic DENIED_COMMANDS =
            counter(
                    "acl_access_denied_cmd",
                    "redis_acl_access_denied_cmd_total",
                    "Commands that were denied to their users.");
    static final Statistic DENIED_KEYS =
            counter(
                    "acl_access_denied_key",
                    "redis_acl_access_denied_key_total",
                    "Commands denied because of their keys.");
    static final Statistic DENIED_CHANNELS =
            counter(
                    "acl_access_denied_channel",
                    "redis_acl_access_denied_channel_total",
                    "Commands denied because of their channels.");
    static final Statistic READS =
            counter(
                    "total_reads_processed",
                    "redis_total_reads_processed",
                    "How often something was received from a client.");
    static final Statistic WRITES =
            counter(
                    "total_writes_processed",
                    "redis_total_writes_processed",
                    "How often something was sent to a client.");
    static final Statistic EXPIRE_CUT =
            counter(
                    "expired_time_cap_reached_count",
                    "redis_expired_time_cap_reached_total",
                    "Rounds of active expiry that ended because their time was up.");
    static final Statistic EXPIRE_TIME =
            counter(
                    "expire_cycle_cpu_milliseconds",
                    "redis_expire_cycle_cpu_time_ms_total",
                    "Milliseconds spent on active expiry.");

    private static final int COMMAND_RATE = 0;
    private static final int BYTES_IN_RATE = 1;
    private static final int BYTES_OUT_RATE = 2;

    private final Statistics statistics;
    private final Clients clients;
    private final Listened listened;
    private final Denied denied;
    private final ActiveDefragmentation defragmentation;
    private final Eviction eviction;
    private final ActiveExpiry activeExpiry;
    private final Rates rates;
    private volatile long receivedAtReset;
    private volatile long sentAtReset;
    private volatile long readsAtReset;
    private volatile long writesAtReset;

    /** How many channels, patterns and sharded channels are listened to. */
    public record Listened(
            IntSupplier channels,
            IntSupplier patterns,
            IntSupplier shardChannels,
            LongSupplier trackedKeys,
            LongSupplier trackedItems,
            IntSupplier trackedPrefixes) {}

    /** How often users were denied something. */
    public record Denied(
            LongSupplier authentications,
            LongSupplier commands,
            LongSupplier keys,
            LongSupplier channels) {}

    public StatsSection(
            Statistics statistics,
            Clients clients,
            Listened listened,
            Denied denied,
            ActiveDefragmentation defragmentation,
            Eviction eviction,
            ActiveExpiry activeExpiry,
            Clock clock) {
        this.eviction = eviction;
        this.defragmentation = defragmentation;
        this.activeExpiry = activeExpiry;
        this.listened = listened;
        this.denied = denied;
        this.statistics = statistics;
        this.clients = clients;
        this.rates =
                new Rates(
                        clock,
                        List.of(statistics::totalCalls, this::bytesReceived, this::bytesSent));
    }

    /** Lets the counts start at 0 again, as CONFIG RESETSTAT does. */
    public synchronized void reset() {
        receivedAtReset = receivedAtReset + bytesReceived();
        sentAtReset = sentAtReset + bytesSent();
        readsAtReset = statistics.reads().sum() + open(Connection::reads);
        writesAtReset = statistics.writes().sum() + open(Connection::writes);
        statistics.reset();
        defragmentation.reset();
        eviction.reset();
    }

    private long bytesReceived() {
        return statistics.bytesReceived().sum() + open(Connection::bytesReceived) - receivedAtReset;
    }

    private long bytesSent() {
        return statistics.bytesSent().sum() + open(Connection::bytesSent) - sentAtReset;
    }

    /** The sum over the connections that are open; the others have left theirs behind. */
    private long open(ToLongFunction<Connection> count) {
        long sum = 0;
        for (Client client : clients.all()) {
            Connection connection = client.connection();
            sum += connection == null ? 0 : count.applyAsLong(connection);
        }
        return sum;
    }

    /** Takes a sample for the rates; ten a second. */
    public void sample() {
        rates.sample();
    }

    @Override
    public String name() {
        return "stats";
    }

    @Override
    public void report(Report report) {
        report.number(CONNECTIONS, statistics.acceptedConnections().sum());
        report.number(COMMANDS, statistics.totalCalls());
        report.number(COMMANDS_PER_SECOND, Math.round(rates.perSecond(COMMAND_RATE)));
        report.number(INPUT, bytesReceived());
        report.number(OUTPUT, bytesSent());
        report.fraction(INPUT_RATE, rates.perSecond(BYTES_IN_RATE) / 1024);
        report.fraction(OUTPUT_RATE, rates.perSecond(BYTES_OUT_RATE) / 1024);
        report.number(REJECTED, statistics.rejectedConnections().sum());
        report.number(EXPIRED, statistics.expiredKeys().sum());
        report.number(EVICTED, eviction.evictedKeys().sum());
        report.number(EVICTED_CLIENTS, statistics.evictedClients().sum());
        report.number(INPUT_DISCONNECTIONS, statistics.disconnections().ofInput());
        report.number(OUTPUT_DISCONNECTIONS, statistics.disconnections().ofOutput());
        report.number(EXCEEDED, eviction.exceededMillis());
        report.number(EXCEEDING, eviction.exceedingMillis());
        report.number(EXPIRE_CUT, activeExpiry.cut());
        report.number(EXPIRE_TIME, activeExpiry.spentNanos() / 1_000_000);
        report.number(HITS, statistics.keyspaceHits());
        report.number(MISSES, statistics.keyspaceMisses());
        report.number(CHANNELS, listened.channels().getAsInt());
        report.number(PATTERNS, listened.patterns().getAsInt());
        report.number(SHARD_CHANNELS, listened.shardChannels().getAsInt());
        DefragmentationFigures.report(report, defragmentation);
        report.number(TRACKED_KEYS, listened.trackedKeys().getAsLong());
        report.number(TRACKED_ITEMS, listened.trackedItems().getAsLong());
        report.number(TRACKED_PREFIXES, listened.trackedPrefixes().getAsInt());
        report.number(BUGS, statistics.bugs().sum());
        report.number(ERRORS, errors());
        report.number(READS, statistics.reads().sum() + open(Connection::reads) - readsAtReset);
        report.number(WRITES, statistics.writes().sum() + open(Connection::writes) - writesAtReset);
        report.number(PROTOCOL_ERRORS, statistics.protocolErrors().sum());
        report.number(DENIED_AUTHENTICATIONS, denied.authentications().getAsLong());
        report.number(DENIED_COMMANDS, denied.commands().getAsLong());
        report.number(DENIED_KEYS, denied.keys().getAsLong());
        report.number(DENIED_CHANNELS, denied.channels().getAsLong());
    }

    private long errors() {
        long sum = 0;
        for (LongAdder count : statistics.errors().values()) {
            sum += count.sum();
        }
        return sum;
    }
}
