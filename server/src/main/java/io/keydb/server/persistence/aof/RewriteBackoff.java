package io.keydb.server.persistence.aof;

import io.keydb.server.support.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After some failures in a row the next rewrite by itself waits, longer each time.
 *
 * <p>Threads: safe.
 */
final class RewriteBackoff {
    private static final Logger LOG = LoggerFactory.getLogger(RewriteBackoff.class);
    private static final int FREE_FAILURES = 3;
    private static final long FIRST_DELAY_MINUTES = 1;
    private static final long LONGEST_DELAY_MINUTES = 60;
    private static final long MINUTE_MILLIS = 60_000;

    private final Clock clock;
    private int failuresInARow;
    private long lastFailureMillis;
    private boolean isTold;

    RewriteBackoff(Clock clock) {
        this.clock = clock;
    }

    synchronized int failuresInARow() {
        return failuresInARow;
    }

    synchronized void failed() {
        failuresInARow++;
        lastFailureMillis = clock.millis();
        isTold = false;
    }

    synchronized void succeeded() {
        failuresInARow = 0;
    }

    /** Whether one that is due has to wait; says so once. */
    synchronized boolean hasToWait() {
        int beyond = failuresInARow - FREE_FAILURES;
        if (beyond < 0) {
            return false;
        }
        long minutes = Math.min(LONGEST_DELAY_MINUTES, FIRST_DELAY_MINUTES << Math.min(beyond, 6));
        boolean waits = clock.millis() - lastFailureMillis < minutes * MINUTE_MILLIS;
        if (waits && !isTold) {
            isTold = true;
            LOG.warn(
                    "Background AOF rewrite has repeatedly failed and triggered the limit, will"
                            + " retry in {} minutes",
                    minutes);
        }
        return waits;
    }
}
