package io.keydb.server.observability.trace;

import io.keydb.server.client.Client;
import io.keydb.server.command.Command;
import io.keydb.server.resp.Request;
import io.keydb.server.support.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The clients that are shown every command.
 *
 * <p>Threads: safe. A command is told under the locks of its keys, so each monitor sees what was
 * done to one key in its order.
 */
public final class Monitors {
    private final Clock clock;
    private final List<Monitor> monitors = new CopyOnWriteArrayList<>();
    private volatile Runnable onChange = () -> {};

    public Monitors(Clock clock) {
        this.clock = clock;
    }

    /** Has this run whenever a client begins or ends to be shown commands. */
    void onChange(Runnable hook) {
        onChange = hook;
    }

    boolean isAny() {
        return !monitors.isEmpty();
    }

    void show(Client client, Request request, Command command) {
        byte[] line = MonitorLine.of(client, request, command, clock.micros());
        monitors.forEach(monitor -> monitor.show(line));
    }

    void add(Monitor monitor) {
        monitors.add(monitor);
        onChange.run();
    }

    void remove(Monitor monitor) {
        if (monitors.remove(monitor)) {
            onChange.run();
        }
    }
}
