package io.keydb.server.support;

import java.util.List;
import java.util.function.LongSupplier;

/**
 * How fast some counts grow at the moment: the mean over the last 16 samples, of which the cron
 * takes ten a second.
 *
 * <p>Threads: safe, because every method holds the monitor.
 */
public final class Rates {
    private static final int SAMPLES = 16;

    private final Clock clock;
    private final List<LongSupplier> counts;
    private final long[][] samples;
    private final long[] takenNanos = new long[SAMPLES];
    private int taken;

    public Rates(Clock clock, List<LongSupplier> counts) {
        this.clock = clock;
        this.counts = List.copyOf(counts);
        this.samples = new long[counts.size()][SAMPLES];
    }

    /** Takes one sample of each count. */
    public synchronized void sample() {
        int slot = taken % SAMPLES;
        takenNanos[slot] = clock.nanos();
        for (int i = 0; i < counts.size(); i++) {
            samples[i][slot] = counts.get(i).getAsLong();
        }
        taken++;
    }

    /** Growth per second of the count at this position. */
    public synchronized double perSecond(int count) {
        if (taken < 2) {
            return 0;
        }
        int newest = (taken - 1) % SAMPLES;
        int oldest = taken <= SAMPLES ? 0 : taken % SAMPLES;
        long nanos = takenNanos[newest] - takenNanos[oldest];
        long growth = samples[count][newest] - samples[count][oldest];
        // after CONFIG RESETSTAT a count is smaller than its oldest sample
        return nanos <= 0 || growth < 0 ? 0 : growth * 1e9 / nanos;
    }
}
