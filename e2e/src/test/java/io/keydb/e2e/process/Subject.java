package io.keydb.e2e.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The server under test: ours, or with {@code -Ddifferential.subject=stock} the stock one, so that
 * a test is shown to hold where it must before it is held against ours. Threads: immutable.
 */
public final class Subject {

    private Subject() {}

    /** True when the stock server stands in for ours. */
    public static boolean isStock() {
        return System.getProperty("differential.subject", "ours").equals("stock");
    }

    /** A launch of the server under test; the calling test is skipped when it cannot be started. */
    public static ServerLaunch launch() {
        ServerLaunch launch = isStock() ? ServerLaunch.stock() : ServerLaunch.ours();
        assumeTrue(launch.isPossible(), launch.reasonImpossible());
        return launch;
    }
}
