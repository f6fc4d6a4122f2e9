package io.keydb.server.log;

import io.keydb.server.support.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The hybrid logical clock of a node: gives every unit of effects its stamp.
 *
 * <pre>
 *   63                    20 19          0
 *   | milliseconds since 1970 |  counter  |      (unsigned; the layout of KeyDB's MVCC stamps)
 * </pre>
 *
 * <p>A stamp is never given twice and is later than every stamp given or {@linkplain #observe
 * observed} before, so that what a node writes after it has seen a change wins over that change,
 * whatever the clocks of the machines say. A full counter carries into the milliseconds.
 *
 * <p>Every observed stamp is merged, however far ahead it is: refusing to merge a stamp that is
 * applied would let local writes lose against the past. What is absurd must therefore not be
 * applied at all; {@link #isAbsurd} tells.
 *
 * <p>Threads: safe; one compare-and-set.
 */
public final class HybridClock {
    /** Bits of the counter. */
    public static final int COUNTER_BITS = 20;

    /** A peer's clock this far ahead is worth a warning. */
    public static final long WARN_DRIFT_MILLIS = 10_000;

    /** Stamps this far ahead are not applied: a day. */
    public static final long MOST_DRIFT_MILLIS = 24L * 60 * 60 * 1000;

    private final Clock clock;
    private final AtomicLong last = new AtomicLong();

    public HybridClock(Clock clock) {
        this.clock = clock;
    }

    /** A new stamp, later than all that were given or observed. */
    public long next() {
        long now = clock.millis() << COUNTER_BITS;
        while (true) {
            long previous = last.get();
            long stamp = Math.max(previous + 1, now);
            if (last.compareAndSet(previous, stamp)) {
                return stamp;
            }
        }
    }

    /** Makes every later stamp of this node later than {@code stamp}. */
    public void observe(long stamp) {
        long previous = last.get();
        while (stamp > previous && !last.compareAndSet(previous, stamp)) {
            previous = last.get();
        }
    }

    /** The same as {@link #latest}, after the clock has followed the machine's. */
    public long follow() {
        observe(clock.millis() << COUNTER_BITS);
        return last.get();
    }

    /** The latest stamp given or observed. */
    public long latest() {
        return last.get();
    }

    /** How far the stamp is ahead of this machine's clock; negative when it is in the past. */
    public long driftMillis(long stamp) {
        return millis(stamp) - clock.millis();
    }

    /** Whether no working clock can have given the stamp; such a stamp is not to be applied. */
    public boolean isAbsurd(long stamp) {
        return stamp < 0 || driftMillis(stamp) > MOST_DRIFT_MILLIS;
    }

    /** The milliseconds of a stamp. */
    public static long millis(long stamp) {
        return stamp >>> COUNTER_BITS;
    }
}
