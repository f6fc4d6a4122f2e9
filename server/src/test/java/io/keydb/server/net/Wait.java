package io.keydb.server.net;

import java.util.function.BooleanSupplier;

/** Waits, at most ten seconds, for what other threads bring about. */
final class Wait {

    private static final long LIMIT_NANOS = 10_000_000_000L;

    private Wait() {}

    static void until(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > LIMIT_NANOS) {
                throw new AssertionError("waited in vain until " + what);
            }
            Thread.onSpinWait();
        }
    }
}
