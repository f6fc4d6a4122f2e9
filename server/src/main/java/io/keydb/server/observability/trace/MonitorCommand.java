package io.keydb.server.observability.trace;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.SERVER;

import io.keydb.server.client.Client;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.net.Connection;
import java.util.List;

/** MONITOR: shows its caller every command from now on. */
public final class MonitorCommand {
    private static final CommandError WITHIN_TRANSACTION =
            new CommandError("ERR MONITOR isn't allowed for DENY BLOCKING client");

    private final Monitors monitors;
    private final List<Command> all;

    public MonitorCommand(Monitors monitors) {
        this.monitors = monitors;
        this.all =
                List.of(
                        command("MONITOR", SERVER)
                                .since("1.0.0")
                                .arity(1)
                                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                                .summary("Shows every command that the server executes.")
                                .handledBy(this::monitor));
    }

    /** All commands of this class. */
    public List<Command> all() {
        return all;
    }

    /** Asking again has no effect, not even a reply. */
    private void monitor(Call call) {
        Client client = call.client();
        Connection connection = client.connection();
        if (call.inTransaction() || connection == null) {
            throw WITHIN_TRANSACTION;
        }
        if (client.isMonitor()) {
            return;
        }
        Monitor monitor = client.state(Monitor.class);
        if (monitor == null) {
            monitor = new Monitor(monitors, client, connection);
            client.attach(monitor);
        }
        monitor.begin();
        call.reply().ok();
    }
}
