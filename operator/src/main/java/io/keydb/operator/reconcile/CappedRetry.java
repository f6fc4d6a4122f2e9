package io.keydb.operator.reconcile;

import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Duration;

/**
 * Tries again for ever, at first after a second and never later than ten: an operator that gives up
 * leaves a deployment without failover.
 *
 * <p>Threads: immutable after construction.
 */
public final class CappedRetry extends GenericRetry {
    private static final double MULTIPLIER = 1.5;

    public CappedRetry() {
        setInitialInterval(Duration.ofSeconds(1));
        setIntervalMultiplier(MULTIPLIER);
        setMaxInterval(Duration.ofSeconds(10).toMillis());
        withoutMaxAttempts();
    }
}
