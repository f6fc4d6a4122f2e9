package io.keydb.e2e.benchmark;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One run of a load against one server.
 *
 * @param requestsPerSecond what the load generator got through
 * @param cpuMicros processor time of the server process per request, user and system, all its
 *     threads
 * @param p50Millis median latency seen by the load generator; with a pipeline that of the whole
 *     batch
 *     <p>Threads: immutable.
 */
record Measurement(
        double requestsPerSecond,
        double cpuMicros,
        double p50Millis,
        double p99Millis,
        double p999Millis) {

    /** The median of each figure by itself. */
    static Measurement median(List<Measurement> runs) {
        return new Measurement(
                median(runs, Measurement::requestsPerSecond),
                median(runs, Measurement::cpuMicros),
                median(runs, Measurement::p50Millis),
                median(runs, Measurement::p99Millis),
                median(runs, Measurement::p999Millis));
    }

    static <T> double median(List<T> of, ToDoubleFunction<T> figure) {
        double[] sorted = of.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
