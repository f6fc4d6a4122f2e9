package io.keydb.e2e.benchmark;

import io.keydb.e2e.process.ProcessUsage;
import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.ServerBinaries;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs {@code redis-benchmark} against one server and reads what it measured. It is written in C
 * and costs less per request than either server, so it is not the bottleneck even with the server
 * beside it on two cores.
 *
 * <p>Threads: confined to the main thread.
 */
final class LoadGenerator {

    private static final Pattern THROUGHPUT =
            Pattern.compile("throughput summary: ([0-9.]+) requests per second");
    private static final Pattern SUMMARY =
            Pattern.compile(
                    "avg +min +p50 +p95 +p99 +max\\s+([0-9.]+) +([0-9.]+) +([0-9.]+) +([0-9.]+)"
                            + " +([0-9.]+) +([0-9.]+)");
    private static final Pattern PERCENTILE =
            Pattern.compile("([0-9.]+)% <= ([0-9.]+) milliseconds");
    private static final int SUMMARY_P50 = 3;
    private static final int SUMMARY_P99 = 5;

    private LoadGenerator() {}

    /** Puts one workload on a server and measures both sides of it. */
    static Measurement run(ServerProcess server, Workload workload, int threads, long requests)
            throws IOException, InterruptedException {
        return run(server, server.port(), List.of(), workload, threads, requests);
    }

    /**
     * The same through another port of the server.
     *
     * @param options for {@code redis-benchmark}, with which it connects to that port
     */
    static Measurement run(
            ServerProcess server,
            int port,
            List<String> options,
            Workload workload,
            int threads,
            long requests)
            throws IOException, InterruptedException {
        prepare(server, workload, requests);
        ProcessUsage before = server.usage();
        String output = benchmark(port, options, workload, threads, requests, workload.command());
        long cpuMillis = server.usage().cpuMillis() - before.cpuMillis();
        Matcher summary = find(SUMMARY, output);
        return new Measurement(
                Double.parseDouble(find(THROUGHPUT, output).group(1)),
                1000.0 * cpuMillis / requests,
                Double.parseDouble(summary.group(SUMMARY_P50)),
                Double.parseDouble(summary.group(SUMMARY_P99)),
                percentile(output, 99.9));
    }

    private static void prepare(ServerProcess server, Workload workload, long requests)
            throws IOException, InterruptedException {
        try (RespClient client = server.connect()) {
            for (List<String> request : workload.preparation()) {
                client.call(request);
            }
        }
        if (!workload.filling().isEmpty()) {
            benchmark(server.port(), List.of(), workload, 1, requests, workload.filling());
        }
    }

    private static String benchmark(
            int port,
            List<String> options,
            Workload workload,
            int threads,
            long requests,
            List<String> request)
            throws IOException, InterruptedException {
        String program =
                ServerBinaries.onPath("redis-benchmark")
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                "redis-benchmark is not installed (Debian package"
                                                        + " redis-tools)"))
                        .toString();
        List<String> line = new ArrayList<>(List.of(program));
        line.addAll(options);
        line.addAll(List.of("-p", Integer.toString(port)));
        line.addAll(List.of("-P", Integer.toString(workload.pipeline())));
        line.addAll(List.of("-c", Integer.toString(Workload.CONNECTIONS)));
        line.addAll(List.of("-n", Long.toString(requests)));
        line.addAll(List.of("-r", Integer.toString(Workload.KEYS)));
        if (threads > 1) {
            line.addAll(List.of("--threads", Integer.toString(threads)));
        }
        line.addAll(request);
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        if (process.waitFor() != 0) {
            throw new IOException("redis-benchmark failed: " + output);
        }
        return output;
    }

    /** The latency at the first listed percentile that is not below the one asked for. */
    private static double percentile(String output, double percent) throws IOException {
        Matcher lines = PERCENTILE.matcher(output);
        while (lines.find()) {
            if (Double.parseDouble(lines.group(1)) >= percent) {
                return Double.parseDouble(lines.group(2));
            }
        }
        throw new IOException("no percentile " + percent + " in: " + output);
    }

    private static Matcher find(Pattern pattern, String output) throws IOException {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IOException("no " + pattern + " in: " + output);
        }
        return matcher;
    }
}
