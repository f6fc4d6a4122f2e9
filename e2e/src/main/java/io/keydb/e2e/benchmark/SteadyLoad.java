package io.keydb.e2e.benchmark;

import io.keydb.e2e.process.ServerBinaries;
import io.keydb.e2e.process.ServerLaunch;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What our server asks of the Java heap: {@code SteadyLoad [minutes]}.
 *
 * <p>First each command of the hot paths is sent millions of times, and the bytes are counted that
 * the event loops allocate on the heap meanwhile. Then all of them are sent together for as long as
 * asked for; the heap after collections and the pauses of the collector tell whether the load could
 * go on for ever. Prints both as tables.
 *
 * <p>Threads: confined to the main thread.
 */
public final class SteadyLoad {

    private static final int MINUTES = 10;
    private static final int SAMPLES = 10;
    private static final long WARM_UP = 3_000_000;
    private static final long MEASURED = 4_000_000;

    private static final List<String> COMMANDS =
            List.of(
                    "SET key:__rand_int__ VALUE",
                    "GET key:__rand_int__",
                    "INCR counter:__rand_int__",
                    "HSET hash field:__rand_int__ VALUE",
                    "HGET hash field:__rand_int__",
                    "SADD set element:__rand_int__",
                    "ZADD zset __rand_int__ element:__rand_int__",
                    "LPUSH list:{a} VALUE",
                    "LPOP list:{a}",
                    "XADD stream MAXLEN ~ 100000 * field VALUE");

    private SteadyLoad() {}

    /** Runs both parts and prints the tables. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int minutes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : MINUTES;
        Path log = Files.createTempFile("keydb-gc-", ".log");
        try (ServerProcess server =
                ServerLaunch.ours().withJavaFlags(JavaProcess.flag(log)).start()) {
            JavaProcess machine = new JavaProcess(server, log);
            System.out.println("| command, pipeline 16 | bytes allocated per operation |");
            System.out.println("|---|---:|");
            for (String command : COMMANDS) {
                run(server, command, WARM_UP).waitFor();
                long before = machine.allocatedByLoops();
                run(server, command, MEASURED).waitFor();
                double bytes = (double) (machine.allocatedByLoops() - before) / MEASURED;
                System.out.printf("| %s | %.3f |%n", command.split(" ")[0], bytes);
            }
            steady(server, machine, minutes);
        } finally {
            Files.deleteIfExists(log);
        }
    }

    private static void steady(ServerProcess server, JavaProcess machine, int minutes)
            throws IOException, InterruptedException {
        System.out.println();
        System.out.println(
                "| minutes | heap after a full collection, MB | collections | pauses, % of the time"
                        + " | longest pause ms | resident MB |");
        System.out.println("|---:|---:|---:|---:|---:|---:|");
        List<Process> load = new ArrayList<>();
        machine.collect();
        JavaProcess.Collections start = machine.collections();
        long startNanos = System.nanoTime();
        try {
            for (String command : COMMANDS) {
                load.add(run(server, command, Long.MAX_VALUE));
            }
            for (int sample = 1; sample <= SAMPLES; sample++) {
                TimeUnit.MILLISECONDS.sleep(TimeUnit.MINUTES.toMillis(minutes) / SAMPLES);
                JavaProcess.Collections before = machine.collections();
                double seconds = (System.nanoTime() - startNanos) / 1e9;
                machine.collect();
                double pauses = before.pausesMillis() - start.pausesMillis();
                System.out.printf(
                        "| %.1f | %d | %d | %.4f | %.1f | %.0f |%n",
                        seconds / 60,
                        machine.collections().usedMegabytes(),
                        before.count() - start.count(),
                        pauses / (seconds * 10),
                        before.longestMillis(),
                        server.usage().residentBytes() / 1048576.0);
            }
        } finally {
            load.forEach(Process::destroyForcibly);
        }
    }

    private static Process run(ServerProcess server, String command, long requests)
            throws IOException {
        boolean forEver = requests == Long.MAX_VALUE;
        List<String> line = new ArrayList<>();
        line.add(
                ServerBinaries.onPath("redis-benchmark")
                        .orElseThrow(() -> new IOException("redis-benchmark is not installed"))
                        .toString());
        line.addAll(List.of("-p", Integer.toString(server.port()), "-q", "-P", "16"));
        line.addAll(List.of("-r", Integer.toString(Workload.KEYS)));
        line.addAll(List.of("-c", forEver ? "5" : Integer.toString(Workload.CONNECTIONS)));
        line.addAll(forEver ? List.of("-l") : List.of("-n", Long.toString(requests)));
        line.addAll(Workload.words(command));
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
