package io.keydb.server.support;

import org.jspecify.annotations.Nullable;

/**
 * How many durations of which length there were, with two significant digits: the buckets are those
 * of HdrHistogram for 1 ns to 1 s, which stock servers use, so percentiles and distributions come
 * out the same.
 *
 * <pre>
 *   row 0     values 0 to 127, one bucket each
 *   row n     values 64 * 2^n to 128 * 2^n - 1, in 128 buckets of 2^(n - 1)
 * </pre>
 *
 * A row is made when the first value falls into it; the durations of one command are rarely spread
 * over more than a few.
 *
 * <p>Threads: written by one thread at a time, read by any; a reader may miss the last values.
 */
public final class LatencyHistogram {
    /** Longer durations count as so long. */
    public static final long LONGEST_NANOS = 1_000_000_000;

    private static final int ROW_BITS = 7;
    private static final int ROW = 1 << ROW_BITS;
    private static final int ROWS = 24;
    private static final long FIRST_STEP = 1024;
    private static final long LAST_STEP = 1L << 30;

    private final long[] @Nullable [] rows = new long[ROWS][];

    /** Takes the steps of a distribution. */
    public interface StepConsumer {
        /**
         * @param micros the step
         * @param count so many durations were no longer
         */
        void step(long micros, long count);
    }

    /** Counts one duration. */
    public void record(long nanos) {
        int index = index(Math.clamp(nanos, 1, LONGEST_NANOS));
        long[] row = rows[index >>> ROW_BITS];
        if (row == null) {
            row = new long[ROW];
            rows[index >>> ROW_BITS] = row;
        }
        row[index & (ROW - 1)]++;
    }

    /** Adds what another one has counted. */
    public void add(LatencyHistogram other) {
        for (int i = 0; i < ROWS; i++) {
            long[] theirs = other.rows[i];
            if (theirs != null) {
                long[] row = rows[i];
                if (row == null) {
                    row = new long[ROW];
                    rows[i] = row;
                }
                for (int j = 0; j < ROW; j++) {
                    row[j] += theirs[j];
                }
            }
        }
    }

    /** How many durations there are. */
    public long count() {
        long count = 0;
        for (int i = 0; i < ROWS << ROW_BITS; i++) {
            count += count(i);
        }
        return count;
    }

    /**
     * So many percent of the durations are no longer than this.
     *
     * @return the longest duration of the bucket, its shortest for 0 percent
     */
    public long nanosAt(double percent) {
        long wanted = Math.max(1, (long) (percent / 100 * count() + 0.5));
        long passed = 0;
        for (int i = 0; i < ROWS << ROW_BITS; i++) {
            passed += count(i);
            if (passed >= wanted) {
                return percent == 0 ? shortest(i) : shortest(i) + width(i) - 1;
            }
        }
        return 0;
    }

    /**
     * Tells how many durations were no longer than 1, 2, 4, 8, 16, 33, 66, ... microseconds: the
     * powers of two from 1024 ns on. Steps that have no more than the one before are left out.
     */
    public void steps(StepConsumer to) {
        long total = count();
        long passed = 0;
        int next = 0;
        for (long step = FIRST_STEP; passed < total && step <= LAST_STEP; step *= 2) {
            int last = Math.min(index(step), (ROWS << ROW_BITS) - 1);
            long before = passed;
            while (next <= last) {
                passed += count(next++);
            }
            if (passed > before) {
                to.step((shortest(last) + width(last) - 1) / 1000, passed);
            }
        }
    }

    private long count(int index) {
        long[] row = rows[index >>> ROW_BITS];
        return row == null ? 0 : row[index & (ROW - 1)];
    }

    private static int index(long nanos) {
        int shift = 64 - Long.numberOfLeadingZeros(nanos | (2 * ROW - 1)) - (ROW_BITS + 1);
        return (shift << ROW_BITS) + (int) (nanos >>> shift);
    }

    private static long shortest(int index) {
        int row = index >>> ROW_BITS;
        int column = index & (ROW - 1);
        return row == 0 ? column : (long) (column + ROW) << (row - 1);
    }

    private static long width(int index) {
        return 1L << Math.max(0, (index >>> ROW_BITS) - 1);
    }
}
