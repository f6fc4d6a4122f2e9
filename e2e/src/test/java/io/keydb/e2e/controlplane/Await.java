package io.keydb.e2e.controlplane;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for something that happens behind a request. */
public final class Await {

    private Await() {}

    /** Returns when the condition holds; fails after half a minute. */
    public static void until(BooleanSupplier condition) {
        until(Duration.ofSeconds(30), condition);
    }

    /** Returns when the condition holds; fails after a limit. */
    public static void until(Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }
}
