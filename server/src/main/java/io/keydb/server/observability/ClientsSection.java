package io.keydb.server.observability;

import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientDirectives;
import io.keydb.server.client.Clients;
import io.keydb.server.config.Configuration;
import io.keydb.server.net.Connection;
import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;

/**
 * INFO clients: who is connected and how much of the connections is unread or unsent.
 *
 * <p>Threads: safe; buffers are read while their event loops use them.
 */
public final class ClientsSection implements ReportSection {
    static final Statistic CONNECTED =
            gauge("connected_clients", "redis_connected_clients", "Connected clients.");
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

    private final Clients clients;
    private final Configuration configuration;

    public ClientsSection(Clients clients, Configuration configuration) {
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
                connected++;
                input = Math.max(input, connection.inputBufferBytes());
                output = Math.max(output, connection.outputBufferBytes());
            }
        }
        report.number(CONNECTED, connected);
        report.text("cluster_connections", "0");
        report.number(MOST, configuration.value(ClientDirectives.MAXCLIENTS));
        report.number(INPUT, input);
        report.number(OUTPUT, output);
        report.text("blocked_clients", "0");
        report.text("tracking_clients", "0");
    }
}
