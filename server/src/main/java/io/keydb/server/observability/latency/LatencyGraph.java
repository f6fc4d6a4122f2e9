package io.keydb.server.observability.latency;

/**
 * LATENCY GRAPH: the spikes of an event as a graph.
 *
 * <p>Threads: stateless.
 */
final class LatencyGraph {
    private static final int COLUMNS = 80;
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private LatencyGraph() {}

    static String of(LatencyMonitor.Event event, long nowSecond) {
        Sparkline line = new Sparkline();
        long high = 0;
        long low = Long.MAX_VALUE;
        for (LatencySeries.Spike spike : event.spikes()) {
            high = Math.max(high, spike.millis());
            low = Math.min(low, spike.millis());
            line.add(spike.millis(), age(nowSecond - spike.second()));
        }
        return event.name()
                + " - high "
                + high
                + " ms, low "
                + low
                + " ms (all time high "
                + event.worst()
                + " ms)\n"
                + "-".repeat(COLUMNS)
                + "\n"
                + line.render();
    }

    private static String age(long seconds) {
        if (seconds < MINUTE) {
            return seconds + "s";
        }
        if (seconds < HOUR) {
            return seconds / MINUTE + "m";
        }
        return seconds < DAY ? seconds / HOUR + "h" : seconds / DAY + "d";
    }
}
