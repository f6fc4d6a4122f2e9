package io.keydb.e2e.benchmark;

import java.util.List;

/**
 * One kind of load.
 *
 * @param command the {@code redis-benchmark} test, {@code set} or {@code get}
 * @param pipeline requests on the way per connection
 *     <p>Threads: immutable.
 */
record Workload(String command, int pipeline) {

    static final int CONNECTIONS = 50;
    static final int KEYS = 100_000;
    static final int VALUE_BYTES = 32;

    /** The workloads of {@code docs/benchmarks.md}, in its order. */
    static final List<Workload> ALL =
            List.of(
                    new Workload("set", 1),
                    new Workload("get", 1),
                    new Workload("set", 16),
                    new Workload("get", 16));

    String title() {
        return command.toUpperCase(java.util.Locale.ROOT) + ", pipeline " + pipeline;
    }
}
