package io.keydb.e2e.benchmark;

import io.keydb.e2e.process.ServerLaunch;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares our server with the stock one: {@code StockComparison [report.md [rounds [filter]]]},
 * where the filter is a part of the titles of the workloads to run, and a report named {@code -} is
 * only printed.
 *
 * <p>Both servers run throughout with one event loop each; a second part gives ours two. After a
 * warm-up of ours, which the just-in-time compiler needs, each workload is run in rounds of about
 * two seconds; a round measures one server right after the other and the next round in the other
 * order; rounds of the second part are longer and half as many. Figures are medians over the
 * rounds, ratios are medians of the ratios of each round.
 *
 * <p>Threads: confined to the main thread.
 */
public final class StockComparison {

    private static final int ROUNDS = 7;
    private static final int STARTS = 5;
    private static final double SECONDS_PER_RUN = 2.0;

    /**
     * With several threads {@code redis-benchmark} looks at the clock four times a second only: a
     * run must be long for that not to matter.
     */
    private static final double SECONDS_PER_RUN_OF_THREADS = 6.0;

    private static final int WARM_UP_RUNS = 3;
    private static final long WARM_UP_BATCHES = 100_000;
    private static final long CALIBRATION_BATCHES = 50_000;

    private StockComparison() {}

    /** Runs the comparison, prints the report and writes it to a file when one is named. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : ROUNDS;
        String filter = arguments.length > 2 ? arguments[2] : "";
        String loadAverage = Report.loadAverage();
        List<StartUp> startUps = filter.isEmpty() ? StartUp.all(STARTS) : List.of();
        Map<Workload, List<Pair>> results = compare(1, rounds, filtered(Workload.all(), filter));
        Map<Workload, List<Pair>> twoThreads =
                compare(2, Math.max(1, rounds / 2), filtered(Workload.pipelined(), filter));
        String report = Report.markdown(results, twoThreads, startUps, rounds, loadAverage);
        System.out.println(report);
        if (arguments.length > 0 && !arguments[0].equals("-")) {
            Files.writeString(Path.of(arguments[0]), report);
        }
    }

    private static List<Workload> filtered(List<Workload> workloads, String filter) {
        return workloads.stream().filter(workload -> workload.title().contains(filter)).toList();
    }

    private static Map<Workload, List<Pair>> compare(
            int threads, int rounds, List<Workload> workloads)
            throws IOException, InterruptedException {
        Map<Workload, List<Pair>> results = new LinkedHashMap<>();
        try (ServerProcess stock = ServerLaunch.stock().start();
                ServerProcess ours =
                        ServerLaunch.ours()
                                .with("--server-threads", Integer.toString(threads))
                                .start()) {
            for (Workload workload : workloads) {
                for (int run = 0; run < WARM_UP_RUNS; run++) {
                    LoadGenerator.run(
                            ours, workload, threads, WARM_UP_BATCHES * workload.pipeline());
                }
                results.put(workload, measure(stock, ours, workload, threads, rounds));
            }
        }
        return results;
    }

    private static List<Pair> measure(
            ServerProcess stock, ServerProcess ours, Workload workload, int threads, int rounds)
            throws IOException, InterruptedException {
        long requests = calibrate(stock, ours, workload, threads);
        List<Pair> pairs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            boolean stockFirst = round % 2 == 0;
            Measurement first =
                    LoadGenerator.run(stockFirst ? stock : ours, workload, threads, requests);
            Measurement second =
                    LoadGenerator.run(stockFirst ? ours : stock, workload, threads, requests);
            Pair pair = stockFirst ? new Pair(first, second) : new Pair(second, first);
            pairs.add(pair);
            System.err.printf(
                    "%s, round %d: throughput %.2f of stock, CPU per operation %.2f%n",
                    workload.fullTitle(), round + 1, pair.throughputRatio(), pair.cpuRatio());
        }
        return pairs;
    }

    /** How many requests the stock server serves in the time of one run. */
    private static long calibrate(
            ServerProcess stock, ServerProcess ours, Workload workload, int threads)
            throws IOException, InterruptedException {
        long requests = CALIBRATION_BATCHES * Math.min(workload.pipeline(), 2);
        LoadGenerator.run(ours, workload, threads, requests);
        return Math.round(
                LoadGenerator.run(stock, workload, threads, requests).requestsPerSecond()
                        * (threads > 1 ? SECONDS_PER_RUN_OF_THREADS : SECONDS_PER_RUN));
    }
}
