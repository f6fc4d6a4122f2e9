package io.keydb.server.boot;

import io.keydb.server.command.Command;
import io.keydb.server.command.Dispatcher;
import io.keydb.server.config.Configuration;
import io.keydb.server.keyspace.KeyspaceDirectives;
import io.keydb.server.observability.latency.LatencyCommands;
import io.keydb.server.observability.latency.LatencyDirectives;
import io.keydb.server.observability.latency.LatencyDoctor;
import io.keydb.server.observability.latency.LatencyMonitor;
import io.keydb.server.observability.latency.LatencySection;
import io.keydb.server.observability.trace.CommandWatch;
import io.keydb.server.observability.trace.MonitorCommand;
import io.keydb.server.observability.trace.Monitors;
import io.keydb.server.observability.trace.SlowLog;
import io.keydb.server.observability.trace.SlowLogCommands;
import io.keydb.server.observability.trace.TraceDirectives;
import io.keydb.server.support.Clock;
import io.keydb.server.support.LatencyEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What watches the engine at work, put together: slow log, latency monitor, MONITOR.
 *
 * <p>Threads: made and connected by one thread; then each part has its own rule.
 */
final class Instruments {
    private final Configuration configuration;
    private final Clock clock;
    private final SlowLog slowLog = new SlowLog();
    private final LatencyMonitor latency;
    private final Monitors monitors;
    private @Nullable CommandWatch watch;

    Instruments(Configuration configuration, Clock clock) {
        this.configuration = configuration;
        this.clock = clock;
        this.latency = new LatencyMonitor(configuration, clock);
        this.monitors = new Monitors(clock);
    }

    /** Their commands. */
    List<Command> commands(Supplier<Dispatcher> dispatcher) {
        List<Command> all = new ArrayList<>();
        all.addAll(new SlowLogCommands(slowLog).all());
        all.addAll(new MonitorCommand(monitors).all());
        all.addAll(
                new LatencyCommands(
                                latency,
                                this::doctorSettings,
                                () ->
                                        new LatencyCommands.Measured(
                                                dispatcher.get().table(),
                                                dispatcher.get().statistics()))
                        .all());
        return all;
    }

    private LatencyDoctor.Settings doctorSettings() {
        return new LatencyDoctor.Settings(
                configuration.value(LatencyDirectives.LATENCY_MONITOR_THRESHOLD),
                configuration.value(TraceDirectives.SLOWLOG_LOG_SLOWER_THAN),
                configuration.value(KeyspaceDirectives.HZ));
    }

    /** Begins to watch; gives the section of INFO about what is seen. */
    LatencySection watch(Dispatcher dispatcher) {
        watch =
                new CommandWatch(
                        dispatcher.observation(),
                        new CommandWatch.Parts(slowLog, latency, monitors, clock),
                        configuration);
        return new LatencySection(dispatcher.table(), dispatcher.statistics(), configuration);
    }

    /** Ends watching, when no command runs any more. */
    void close() {
        if (watch != null) {
            watch.close();
        }
    }

    /** Where anybody tells that something took long. */
    LatencyEvents latency() {
        return latency;
    }
}
