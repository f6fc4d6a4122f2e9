package io.keydb.e2e.controlplane.kubelet;

import java.time.Duration;

/**
 * How long an exited container waits before it is started again: not at all the first time, then
 * longer and longer.
 *
 * <p>The same rule as in a real kubelet with shorter times (there 10 s, 5 min and 10 min).
 *
 * <p>Threads: immutable.
 *
 * @param first wait before the second restart
 * @param longest limit of the wait
 * @param forgottenAfter a container that ran this long counts as healthy again
 */
public record BackOff(Duration first, Duration longest, Duration forgottenAfter) {

    /** Short enough to watch. */
    public static final BackOff LOCAL =
            new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(60));

    /**
     * The wait before a restart; {@code exits} counts the quick exits in a row, this one included.
     */
    Duration delay(int exits) {
        if (exits <= 1) {
            return Duration.ZERO;
        }
        Duration delay = first.multipliedBy(1L << Math.min(exits - 2, 20));
        return delay.compareTo(longest) > 0 ? longest : delay;
    }
}
