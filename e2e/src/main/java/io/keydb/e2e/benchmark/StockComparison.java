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
 * Compares our server with the stock one: {@code StockComparison [report.md [rounds]]}.
 *
 * <p>Both servers run throughout with one event loop each. After a warm-up of ours, which the
 * just-in-time compiler needs, each workload is run in rounds of about two seconds; a round
 * measures one server right after the other and the next round in the other order. Figures are
 * medians over the rounds, ratios are medians of the ratios of each round.
 *
 * <p>Threads: confined to the main thread.
 */
public final class StockComparison {

    private static final int ROUNDS = 7;
    private static final int STARTS = 5;
    private static final double SECONDS_PER_RUN = 2.0;
    private static final long WARM_UP_BATCHES = 250_000;
    private static final long CALIBRATION_BATCHES = 50_000;

    private StockComparison() {}

    /** Runs the comparison, prints the report and writes it to a file when one is named. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : ROUNDS;
        String loadAverage = Report.loadAverage();
        List<StartUp> startUps = StartUp.all(STARTS);
        Map<Workload, List<Pair>> results = new LinkedHashMap<>();
        try (ServerProcess stock = ServerLaunch.stock().start();
                ServerProcess ours = ServerLaunch.ours().with("--server-threads", "1").start()) {
            for (Workload workload : Workload.ALL) {
                LoadGenerator.run(ours, workload, WARM_UP_BATCHES * workload.pipeline() / 2);
                LoadGenerator.run(ours, workload, WARM_UP_BATCHES * workload.pipeline() / 2);
            }
            for (Workload workload : Workload.ALL) {
                results.put(workload, measure(stock, ours, workload, rounds));
            }
        }
        String report = Report.markdown(results, startUps, rounds, loadAverage);
        System.out.println(report);
        if (arguments.length > 0) {
            Files.writeString(Path.of(arguments[0]), report);
        }
    }

    private static List<Pair> measure(
            ServerProcess stock, ServerProcess ours, Workload workload, int rounds)
            throws IOException, InterruptedException {
        long requests = calibrate(stock, ours, workload);
        List<Pair> pairs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            boolean stockFirst = round % 2 == 0;
            Measurement first = LoadGenerator.run(stockFirst ? stock : ours, workload, requests);
            Measurement second = LoadGenerator.run(stockFirst ? ours : stock, workload, requests);
            Pair pair = stockFirst ? new Pair(first, second) : new Pair(second, first);
            pairs.add(pair);
            System.err.printf(
                    "%s, round %d: throughput %.2f of stock, CPU per operation %.2f%n",
                    workload.title(), round + 1, pair.throughputRatio(), pair.cpuRatio());
        }
        return pairs;
    }

    /** How many requests the stock server serves in the time of one run. */
    private static long calibrate(ServerProcess stock, ServerProcess ours, Workload workload)
            throws IOException, InterruptedException {
        long requests = CALIBRATION_BATCHES * workload.pipeline();
        LoadGenerator.run(ours, workload, requests);
        return Math.round(
                LoadGenerator.run(stock, workload, requests).requestsPerSecond() * SECONDS_PER_RUN);
    }
}
