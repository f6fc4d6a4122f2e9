package io.keydb.server.observability.latency;

import java.util.ArrayList;
import java.util.List;

/**
 * The spikes of one event: the worst of each second that had one, for the last {@value #MOST} such
 * seconds, and the worst ever.
 *
 * <p>Threads: guarded by the monitor of {@link LatencyMonitor}.
 */
final class LatencySeries {
    static final int MOST = 160;

    private final long[] seconds = new long[MOST];
    private final long[] millis = new long[MOST];
    private int next;
    private int count;
    private long worst;

    /** The worst spike of one second. */
    record Spike(long second, long millis) {}

    void add(long second, long tookMillis) {
        worst = Math.max(worst, tookMillis);
        int last = (next + MOST - 1) % MOST;
        if (count > 0 && seconds[last] == second) {
            millis[last] = Math.max(millis[last], tookMillis);
            return;
        }
        seconds[next] = second;
        millis[next] = tookMillis;
        next = (next + 1) % MOST;
        count = Math.min(count + 1, MOST);
    }

    /** The spikes, the oldest first. */
    List<Spike> spikes() {
        List<Spike> spikes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int at = (next + MOST - count + i) % MOST;
            spikes.add(new Spike(seconds[at], millis[at]));
        }
        return spikes;
    }

    /** The worst spike since the start or the last reset, in milliseconds. */
    long worst() {
        return worst;
    }
}
