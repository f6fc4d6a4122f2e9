package io.keydb.server.observability.trace;

import io.keydb.server.client.Client;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandFlag;
import io.keydb.server.command.CommandObserver;
import io.keydb.server.command.Observation;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Setting;
import io.keydb.server.net.tls.TlsDirectives;
import io.keydb.server.observability.latency.LatencyDirectives;
import io.keydb.server.observability.latency.LatencyMonitor;
import io.keydb.server.resp.Request;
import io.keydb.server.support.Clock;
import java.util.List;

/**
 * Hands commands to the slow log, the latency monitor, the audit log and those who MONITOR, each as
 * it wants them; and says from which duration on anybody wants them at all, so that the others cost
 * nothing.
 *
 * <p>Threads: safe.
 */
public final class CommandWatch implements CommandObserver {
    private static final long NANOS_PER_MICRO = 1000;

    private final Observation observation;
    private final Parts parts;
    private final Setting<Long> slowerThan;
    private final Setting<Long> longest;
    private final Setting<List<String>> notAudited;
    private final AuditLog auditLog = new AuditLog();

    /** Who is interested. */
    public record Parts(SlowLog slowLog, LatencyMonitor latency, Monitors monitors, Clock clock) {}

    public CommandWatch(Observation observation, Parts parts, Configuration configuration) {
        this.observation = observation;
        this.parts = parts;
        this.slowerThan = configuration.setting(TraceDirectives.SLOWLOG_LOG_SLOWER_THAN);
        this.longest = configuration.setting(TraceDirectives.SLOWLOG_MAX_LEN);
        this.notAudited = configuration.setting(TlsDirectives.AUDITLOG_BLOCKLIST);
        observation.observer(this);
        parts.monitors().onChange(this::choose);
        configuration.onChange(
                this::choose,
                TraceDirectives.SLOWLOG_LOG_SLOWER_THAN,
                TlsDirectives.AUDITLOG_BLOCKLIST,
                LatencyDirectives.LATENCY_MONITOR_THRESHOLD);
        configuration.onChange(
                () -> parts.slowLog().trim(longest.value()), TraceDirectives.SLOWLOG_MAX_LEN);
        choose();
    }

    private synchronized void choose() {
        observation.from(
                parts.monitors().isAny() || !notAudited.value().isEmpty()
                        ? Long.MIN_VALUE
                        : Math.min(slowNanos(), parts.latency().thresholdNanos()));
    }

    private long slowNanos() {
        long micros = slowerThan.value();
        return micros < 0 || micros > Long.MAX_VALUE / NANOS_PER_MICRO
                ? Long.MAX_VALUE
                : micros * NANOS_PER_MICRO;
    }

    @Override
    public void connected(Client client) {
        if (!notAudited.value().isEmpty()) {
            auditLog.connected(client);
        }
    }

    @Override
    public void ran(Client client, Request request, Command command, long nanos) {
        slow(client, request, command, nanos);
        took(command, nanos);
        if (!command.has(CommandFlag.SKIP_MONITOR)) {
            shown(client, request, command);
        }
        audit(client, request, command);
    }

    @Override
    public void waits(Client client, Request request, Command command, long nanos) {
        took(command, nanos);
        shown(client, request, command);
        audit(client, request, command);
    }

    @Override
    public void hasWaited(Client client, Request request, Command command, long nanos) {
        slow(client, request, command, nanos);
        took(command, nanos);
    }

    @Override
    public void shown(Client client, Request request, Command command) {
        if (parts.monitors().isAny() && !command.has(CommandFlag.ADMIN)) {
            parts.monitors().show(client, request, command);
        }
    }

    private void audit(Client client, Request request, Command command) {
        if (!notAudited.value().isEmpty()) {
            auditLog.note(client, request, command);
        }
    }

    /** Waits a moment for what the audit log has not written yet. */
    public void close() {
        auditLog.close();
    }

    private void slow(Client client, Request request, Command command, long nanos) {
        if (nanos >= slowNanos() && !command.has(CommandFlag.SKIP_SLOWLOG)) {
            long micros = nanos / NANOS_PER_MICRO;
            long now = parts.clock().millis();
            parts.slowLog().add(client, request, command, now, micros, longest.value());
        }
    }

    private void took(Command command, long nanos) {
        parts.latency().took(command.has(CommandFlag.FAST) ? "fast-command" : "command", nanos);
    }
}
