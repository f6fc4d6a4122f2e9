package io.keydb.e2e.benchmark;

import io.keydb.e2e.process.ServerLaunch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares our server with the stock one over TLS: {@code TlsComparison [report.md [rounds]]}. A
 * report that is named gets the results as its section {@code ## TLS}; the rest of it stays.
 *
 * <p>Both servers run throughout with one event loop each. The first workload opens a connection,
 * with a full handshake, for each request; the others keep theirs. After a warm-up of ours each is
 * run in rounds of about a second and a half, one server right after the other and the next round
 * in the other order.
 *
 * <p>Threads: confined to the main thread.
 */
public final class TlsComparison {

    private static final int ROUNDS = 3;
    private static final double SECONDS_PER_RUN = 1.5;
    private static final long CALIBRATION_BATCHES = 20_000;
    private static final long CALIBRATION_HANDSHAKES = 500;
    private static final int WARM_UP_RUNS = 4;

    /** Ours needs several thousand handshakes until all of their path is compiled. */
    private static final long WARM_UP_HANDSHAKES = 2_500;

    /** A new connection has nothing on the way but its one request. */
    private static final Workload HANDSHAKE =
            new Workload("handshake, PING, close", 1, Workload.words("PING"), List.of(), List.of());

    private TlsComparison() {}

    /** Runs the comparison, prints the section and puts it into a file when one is named. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : ROUNDS;
        String loadAverage = Report.loadAverage();
        String section = TlsReport.section(compare(rounds), rounds, loadAverage);
        System.out.println(section);
        if (arguments.length > 0) {
            Path page = Path.of(arguments[0]);
            String before = Files.exists(page) ? Files.readString(page) : "# Benchmarks\n";
            Files.writeString(page, TlsReport.placed(before, section));
        }
    }

    private static List<Workload> workloads() {
        List<Workload> all = new ArrayList<>(List.of(HANDSHAKE));
        Workload.all().stream()
                .filter(workload -> List.of("SET", "GET").contains(workload.title()))
                .forEach(all::add);
        return all;
    }

    private static Map<Workload, List<Pair>> compare(int rounds)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("keydb-tls-");
        Map<Workload, List<Pair>> results = new LinkedHashMap<>();
        try {
            TlsServer.makeCertificate(folder);
            try (TlsServer stock = TlsServer.start(ServerLaunch.stock(), folder);
                    TlsServer ours =
                            TlsServer.start(
                                    ServerLaunch.ours().with("--server-threads", "1"), folder)) {
                for (Workload workload : workloads()) {
                    results.put(workload, measure(stock, ours, workload, rounds));
                }
            }
        } finally {
            TlsServer.removeCertificate(folder);
        }
        return results;
    }

    private static List<Pair> measure(
            TlsServer stock, TlsServer ours, Workload workload, int rounds)
            throws IOException, InterruptedException {
        boolean reconnects = workload.equals(HANDSHAKE);
        long few = reconnects ? CALIBRATION_HANDSHAKES : CALIBRATION_BATCHES * workload.pipeline();
        for (int run = 0; run < WARM_UP_RUNS; run++) {
            ours.run(workload, reconnects, reconnects ? WARM_UP_HANDSHAKES : few);
        }
        double rate = stock.run(workload, reconnects, few).requestsPerSecond();
        long requests = Math.max(few, Math.round(rate * SECONDS_PER_RUN));
        List<Pair> pairs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            boolean stockFirst = round % 2 == 0;
            Measurement first = (stockFirst ? stock : ours).run(workload, reconnects, requests);
            Measurement second = (stockFirst ? ours : stock).run(workload, reconnects, requests);
            Pair pair = stockFirst ? new Pair(first, second) : new Pair(second, first);
            pairs.add(pair);
            System.err.printf(
                    "%s, round %d: throughput %.2f of stock, CPU per operation %.2f%n",
                    workload.fullTitle(), round + 1, pair.throughputRatio(), pair.cpuRatio());
        }
        return pairs;
    }
}
