package io.keydb.e2e.benchmark;

import java.util.List;
import java.util.Map;

/** The section {@code ## TLS} of {@code docs/benchmarks.md}. Threads: immutable. */
final class TlsReport {

    private static final String HEADING = "## TLS\n";
    private static final String NEXT_SECTION = "\n## ";

    /** A page without the section gets it before this one, or at its end. */
    private static final String FOLLOWING = "\n## What the Java heap";

    private static final String HEAD =
            HEADING
                    + """

                    Both with one event loop; all load comes to a `tls-port`, with the defaults of both for protocols and ciphers and a
                    certificate on the curve P-256. A handshake is a full one: each is followed by one PING and the end of the connection.
                    Ours is warm: the first few thousand handshakes of a process cost it more.
                    Figures are medians of %d rounds, ratios are medians of the ratios within a round. Load average before the run: %s.

                    ```
                    java -cp 'e2e/target/classes:e2e/target/lib/*' io.keydb.e2e.benchmark.TlsComparison docs/benchmarks.md
                    ```

                    | workload | server | operations/s | CPU µs/operation | p50 ms | p99 ms |
                    |---|---|---:|---:|---:|---:|
                    """;

    private static final String RATIOS =
            """

            | workload | throughput, ours / stock | CPU per operation, ours / stock |
            |---|---:|---:|
            """;

    private TlsReport() {}

    static String section(Map<Workload, List<Pair>> results, int rounds, String loadAverage) {
        StringBuilder out = new StringBuilder(HEAD.formatted(rounds, loadAverage));
        results.forEach(
                (workload, pairs) -> {
                    row(out, workload, "stock", pairs.stream().map(Pair::stock).toList());
                    row(out, workload, "ours", pairs.stream().map(Pair::ours).toList());
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
        return out.toString();
    }

    /** The page with this section in the place of the one it has, or where it belongs. */
    static String placed(String page, String section) {
        int heading = page.indexOf("\n" + HEADING);
        if (heading >= 0) {
            int next = page.indexOf(NEXT_SECTION, heading + HEADING.length());
            String rest = next < 0 ? "" : page.substring(next);
            return page.substring(0, heading + 1) + section + rest;
        }
        int following = page.indexOf(FOLLOWING);
        return following < 0
                ? page + "\n" + section
                : page.substring(0, following + 1) + section + page.substring(following);
    }

    private static void row(
            StringBuilder out, Workload workload, String server, List<Measurement> runs) {
        Measurement median = Measurement.median(runs);
        out.append(
                "| %s | %s | %.0f | %.2f | %.3f | %.3f |%n"
                        .formatted(
                                workload.fullTitle(),
                                server,
                                median.requestsPerSecond(),
                                median.cpuMicros(),
                                median.p50Millis(),
                                median.p99Millis()));
    }
}
