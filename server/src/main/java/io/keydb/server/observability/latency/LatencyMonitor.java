package io.keydb.server.observability.latency;

import io.keydb.server.config.Configuration;
import io.keydb.server.config.Setting;
import io.keydb.server.support.Clock;
import io.keydb.server.support.LatencyEvents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps spikes of latency by what they came from, if {@code latency-monitor-threshold} says from
 * which duration on.
 *
 * <p>Threads: safe; its monitor guards the spikes.
 */
public final class LatencyMonitor implements LatencyEvents {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Clock clock;
    private final Setting<Long> threshold;
    private final Map<String, LatencySeries> events = new LinkedHashMap<>();

    /**
     * What is known of one event.
     *
     * @param spikes the oldest first; never empty
     * @param worst the worst ever, in milliseconds
     */
    record Event(String name, List<LatencySeries.Spike> spikes, long worst) {}

    public LatencyMonitor(Configuration configuration, Clock clock) {
        this.clock = clock;
        this.threshold = configuration.setting(LatencyDirectives.LATENCY_MONITOR_THRESHOLD);
    }

    /** From so many nanoseconds on something is a spike; nothing is when it is the greatest. */
    public long thresholdNanos() {
        long millis = threshold.value();
        return millis == 0 || millis > Long.MAX_VALUE / NANOS_PER_MILLI
                ? Long.MAX_VALUE
                : millis * NANOS_PER_MILLI;
    }

    @Override
    public void took(String event, long nanos) {
        if (nanos >= thresholdNanos()) {
            long second = clock.millis() / 1000;
            synchronized (this) {
                events.computeIfAbsent(event, unused -> new LatencySeries())
                        .add(second, nanos / NANOS_PER_MILLI);
            }
        }
    }

    /** What is known of an event; null when there was no spike of it. */
    synchronized @Nullable Event event(String name) {
        LatencySeries series = events.get(name);
        return series == null ? null : new Event(name, series.spikes(), series.worst());
    }

    /** All events that had spikes. */
    synchronized List<Event> events() {
        List<Event> all = new ArrayList<>();
        events.forEach((name, series) -> all.add(new Event(name, series.spikes(), series.worst())));
        return all;
    }

    /** Forgets all spikes; gives how many events had some. */
    synchronized int reset() {
        int count = events.size();
        events.clear();
        return count;
    }

    /** Forgets the spikes of an event, whose name may be in any case; gives whether it had some. */
    synchronized boolean reset(String name) {
        return events.keySet().removeIf(name::equalsIgnoreCase);
    }
}
