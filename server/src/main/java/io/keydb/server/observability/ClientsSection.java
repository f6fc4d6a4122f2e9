package io.keydb.server.observability;

import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientDirectives;
import io.keydb.server.client.ClientKind;
import io.keydb.server.client.Clients;
import io.keydb.server.command.Blocking;
import io.keydb.server.config.Configuration;
import io.keydb.server.net.Connection;
import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;
import java.util.function.IntSupplier;

/**
 * INFO clients: who is connected and how much of the connections is unread or unsent.
 *
 * <p>Threads: safe; buffers are read while their event loops use them.
 */
public final class ClientsSection implements ReportSection {
    static final Statistic CONNECTED =
            gauge(
                    "connected_clients",
                    "redis_connected_clients",
                    "Connected clients, without replicas.");
    static final Statistic MOST =
            gauge("maxclients", "redis_max_clients", "Clients beyond which a new one is refused.");
    static final Statistic INPUT =
            gauge(
                    "client_recent_max_input_buffer",
                    "redis_client_recent_max_input_buffer_bytes",
                    "Largest input buffer of a connected client.");
    static final Statistic OUTPUT =
            gauge(
                    "client_recent_max_output_buffer",
                    "redis_client_recent_max_output_buffer_bytes",
                    "Largest output buffer of a connected client.");

    static final Statistic BLOCKED =
            gauge(
                    "blocked_clients",
                    "redis_blocked_clients",
                    "Clients that wait for a key, or for the end of a pause or of the server.");
    static final Statistic TRACKING =
            gauge(
                    "tracking_clients",
                    "redis_tracking_clients",
                    "Clients that keep copies of what they read: CLIENT TRACKING.");
    static final Statistic TIMED =
            gauge(
                    "clients_in_timeout_table",
                    "redis_clients_in_timeout_table",
                    "Clients that wait for a key for a limited time.");
    static final Statistic BLOCKING_KEYS =
            gauge(
                    "total_blocking_keys",
                    "redis_total_blocking_keys",
                    "Keys for which a client waits.");
    static final Statistic BLOCKING_KEYS_TO_END =
            gauge(
                    "total_blocking_keys_on_nokey",
                    "redis_total_blocking_keys_on_nokey",
                    "Keys for which a client waits that also wants to know when they are gone.");

    private final Clients clients;
    private final IntSupplier blocked;
    private final Blocking blocking;
    private final IntSupplier tracking;
    private final Configuration configuration;

    public ClientsSection(
            Clients clients,
            IntSupplier blocked,
            Blocking blocking,
            IntSupplier tracking,
            Configuration configuration) {
        this.blocked = blocked;
        this.tracking = tracking;
        this.blocking = blocking;
        this.clients = clients;
        this.configuration = configuration;
    }

    @Override
    public String name() {
        return "clients";
    }

    @Override
    public void report(Report report) {
        long connected = 0;
        long input = 0;
        long output = 0;
        for (Client client : clients.all()) {
            Connection connection = client.connection();
            if (connection != null) {
                connected += client.kind() == ClientKind.REPLICA ? 0 : 1;
                input = Math.max(input, connection.inputBufferBytes());
                output = Math.max(output, connection.outputBufferBytes());
            }
        }
        report.number(CONNECTED, connected);
        report.number(MOST, configuration.value(ClientDirectives.MAXCLIENTS));
        report.number(INPUT, input);
        report.number(OUTPUT, output);
        report.number(BLOCKED, blocked.getAsInt());
        report.number(TRACKING, tracking.getAsInt());
        report.number(TIMED, blocking.timed());
        report.number(BLOCKING_KEYS, blocking.keys());
        report.number(BLOCKING_KEYS_TO_END, blocking.keysWaitedToEnd());
    }
}
