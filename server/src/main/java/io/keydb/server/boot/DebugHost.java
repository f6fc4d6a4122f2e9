package io.keydb.server.boot;

import io.keydb.server.client.Client;
import io.keydb.server.client.Clients;
import io.keydb.server.command.connection.ClientLine;
import io.keydb.server.config.Configuration;
import io.keydb.server.observability.HostProbe;
import io.keydb.server.observability.Sections;
import io.keydb.server.shutdown.Shutdown;
import io.keydb.server.support.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What DEBUG does to the process of a server.
 *
 * <p>Threads: safe.
 */
final class DebugHost implements HostProbe {
    private final Host host;
    private final Parts parts;

    /** What it needs of the server. */
    record Parts(
            Configuration configuration,
            Optional<Path> file,
            Shutdown shutdown,
            Supplier<Sections> sections,
            Clients clients,
            Clock clock) {}

    DebugHost(Host host, Parts parts) {
        this.host = host;
        this.parts = parts;
    }

    @Override
    public void crash(Crash how) {
        host.crash(how, this::state);
    }

    /** INFO and CLIENT LIST, for the report of a crash. */
    String state() {
        StringBuilder text = new StringBuilder("\n------ INFO OUTPUT ------\n");
        text.append(parts.sections().get().info(List.of("everything")));
        text.append("\n------ CLIENT LIST OUTPUT ------\n");
        for (Client client : parts.clients().all()) {
            text.append(ClientLine.of(client, parts.clock().millis())).append('\n');
        }
        return text.append('\n').toString();
    }

    @Override
    public void restart(boolean inOrder, long delayMillis) throws IOException {
        if (!inOrder) {
            host.restart(delayMillis);
            return;
        }
        if (parts.file().isPresent()) {
            parts.configuration().rewrite(parts.file().get());
        }
        host.restartWhenStopped(delayMillis);
        parts.shutdown().beginNow();
    }

    @Override
    public void rewriteConfiguration() throws IOException {
        Path file =
                parts.file()
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                "The server is running without a config file"));
        parts.configuration().rewriteAll(file);
    }
}
