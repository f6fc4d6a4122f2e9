package io.keydb.e2e.benchmark;

import io.keydb.e2e.process.ServerBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The results as the page {@code docs/benchmarks.md}. Threads: immutable. */
final class Report {

    private static final String HEAD =
            """
            # Benchmarks

            Our server and stock Redis %s on the same machine, each with one event loop but for the last table, %d connections, %d keys, values of
            %d bytes, no persistence. The load comes from `redis-benchmark`, which runs on the same machine. Both servers
            run throughout; each of %d rounds measures one right after the other, in alternating order, about two seconds each.
            Figures are medians over the rounds, ratios are medians of the ratios within a round, so that what else the
            machine does weighs on both alike.

            Repeat with

            ```
            ./mvnw -q package -DskipTests
            java -cp 'e2e/target/classes:e2e/target/lib/*' io.keydb.e2e.benchmark.StockComparison docs/benchmarks.md
            ```

            Machine: %s, %d processors, Java %s, Linux %s. Load average before the run: %s.
            A load well above zero says that the machine did other work too: then only the ratios mean something.

            ## Load

            *CPU* is processor time of the server process per operation, user and system of all threads, from `/proc`.
            Latency is what `redis-benchmark` saw; with a pipeline of 16 it is that of the whole batch.

            | workload | server | requests/s | CPU µs/operation | p50 ms | p99 ms | p99.9 ms |
            |---|---|---:|---:|---:|---:|---:|
            """;

    private static final String RATIOS =
            """

            | workload | throughput, ours / stock | CPU per operation, ours / stock |
            |---|---:|---:|
            """;

    private static final String TWO_THREADS =
            """

            ## Two event loops

            Ours with two event loops, `redis-benchmark` with two threads, on a machine with two processors for all of them.

            | workload | throughput, ours / stock |
            |---|---:|
            """;

    private static final String START =
            """

            ## Start and empty memory

            From the start of the process to the first answered PING; resident memory half a second later, without data.

            | server | ready after ms | resident MB |
            |---|---:|---:|
            """;

    private Report() {}

    static String markdown(
            Map<Workload, List<Pair>> results,
            Map<Workload, List<Pair>> twoThreads,
            List<StartUp> startUps,
            int rounds,
            String loadAverage)
            throws IOException {
        StringBuilder out = new StringBuilder();
        out.append(
                HEAD.formatted(
                        ServerBinaries.STOCK_VERSION,
                        Workload.CONNECTIONS,
                        Workload.KEYS,
                        Workload.VALUE_BYTES,
                        rounds,
                        processor(),
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version(),
                        System.getProperty("os.version"),
                        loadAverage));
        results.forEach(
                (workload, pairs) -> {
                    row(
                            out,
                            workload,
                            "stock",
                            Measurement.median(pairs.stream().map(Pair::stock).toList()));
                    row(
                            out,
                            workload,
                            "ours",
                            Measurement.median(pairs.stream().map(Pair::ours).toList()));
                });
        out.append(RATIOS);
        results.forEach(
                (workload, pairs) ->
                        out.append(
                                "| %s | %.2f | %.2f |%n"
                                        .formatted(
                                                workload.fullTitle(),
                                                Measurement.median(pairs, Pair::throughputRatio),
                                                Measurement.median(pairs, Pair::cpuRatio))));
        out.append("| median, pipeline 16 |  | %.2f |%n".formatted(medianCpuRatio(results)));
        out.append(TWO_THREADS);
        twoThreads.forEach(
                (workload, pairs) ->
                        out.append(
                                "| %s | %.2f |%n"
                                        .formatted(
                                                workload.fullTitle(),
                                                Measurement.median(pairs, Pair::throughputRatio))));
        out.append(START);
        for (StartUp start : startUps) {
            out.append(
                    "| %s | %.0f | %.1f |%n"
                            .formatted(
                                    start.title(), start.readyMillis(), start.residentMegabytes()));
        }
        return out.toString();
    }

    private static double medianCpuRatio(Map<Workload, List<Pair>> results) {
        List<Double> ratios =
                results.entrySet().stream()
                        .filter(entry -> entry.getKey().pipeline() > 1)
                        .map(entry -> Measurement.median(entry.getValue(), Pair::cpuRatio))
                        .toList();
        return ratios.isEmpty() ? Double.NaN : Measurement.median(ratios, ratio -> ratio);
    }

    private static void row(
            StringBuilder out, Workload workload, String server, Measurement median) {
        out.append(
                "| %s | %s | %.0f | %.2f | %.3f | %.3f | %.3f |%n"
                        .formatted(
                                workload.fullTitle(),
                                server,
                                median.requestsPerSecond(),
                                median.cpuMicros(),
                                median.p50Millis(),
                                median.p99Millis(),
                                median.p999Millis()));
    }

    /** How many processes wanted to run in the last minute, as the system tells it. */
    static String loadAverage() throws IOException {
        Path description = Path.of("/proc/loadavg");
        return Files.isReadable(description)
                ? Files.readString(description).split(" ")[0]
                : "unknown";
    }

    private static String processor() throws IOException {
        Path description = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(description)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(description).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }
}
