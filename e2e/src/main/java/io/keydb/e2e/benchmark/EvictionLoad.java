package io.keydb.e2e.benchmark;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.RespReply;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Load on a server that has a limit of memory: writes far beyond it while somebody watches, and a
 * cache that is asked for keys and filled with what it lacks.
 *
 * <p>Threads: safe; uses some of its own.
 */
public final class EvictionLoad {
    private static final int WRITERS = 4;
    private static final int BATCH = 50;
    private static final int ASKED_AT_ONCE = 100;
    private static final int REQUESTS_PER_SECOND = 50_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final double ZIPF_EXPONENT = 1.0;
    private static final String OUT_OF_MEMORY = "OOM ";

    private EvictionLoad() {}

    /**
     * What was seen while far more was written than fits.
     *
     * @param worstAbove by how much the memory that counts was above the limit at most, in percent
     *     of the limit; negative when it never was
     */
    public record Written(double worstAbove, long refused, long evicted, long keys) {}

    /**
     * Writes so many bytes of values of 10 to 20,000 bytes, all of which expire some time, over
     * several connections.
     */
    public static Written writeBeyond(ServerProcess server, long limit, long bytes, long seed)
            throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (RespClient watcher = server.connect()) {
            Future<Long> worst = threads.submit(() -> watch(server, done));
            List<Future<Long>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                SplittableRandom random = new SplittableRandom(seed + i);
                Callable<Long> writer = () -> write(server, bytes / WRITERS, random);
                writers.add(threads.submit(writer));
            }
            long refused = 0;
            for (Future<Long> writer : writers) {
                refused += writer.get();
            }
            done.set(true);
            return new Written(
                    100.0 * (worst.get() - limit) / limit,
                    refused,
                    field(watcher, "stats", "evicted_keys"),
                    watcher.call("DBSIZE").integer());
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
    }

    /** The largest amount of memory in use that counts, looked at all the time. */
    private static long watch(ServerProcess server, AtomicBoolean done) throws IOException {
        try (RespClient client = server.connect()) {
            long worst = 0;
            while (!done.get()) {
                String memory = client.call("INFO", "memory").text();
                long counted =
                        field(memory, "used_memory") - field(memory, "mem_not_counted_for_evict");
                worst = Math.max(worst, counted);
            }
            return worst;
        }
    }

    private static long write(ServerProcess server, long bytes, SplittableRandom random)
            throws IOException {
        String filling = "v".repeat(20_000);
        long refused = 0;
        try (RespClient client = server.connect()) {
            for (long written = 0; written < bytes; ) {
                StringBuilder batch = new StringBuilder();
                for (int i = 0; i < BATCH; i++) {
                    // as many of 10 to 100 bytes as of 100 to 1000, and some more
                    int length = (int) (10 * Math.pow(2000, random.nextDouble()));
                    written += length;
                    String key = "key:" + random.nextLong(1L << 40);
                    String seconds = Integer.toString(1000 + random.nextInt(100_000));
                    batch.append(
                            RespClient.encode(
                                    List.of(
                                            "SET",
                                            key,
                                            filling.substring(0, length),
                                            "EX",
                                            seconds)));
                }
                client.send(batch.toString());
                for (int i = 0; i < BATCH; i++) {
                    RespReply reply = client.read();
                    if (reply.isError() && !reply.text().startsWith(OUT_OF_MEMORY)) {
                        throw new IOException("unexpected: " + reply);
                    }
                    refused += reply.isError() ? 1 : 0;
                }
            }
        }
        return refused;
    }

    /**
     * What a cache was good for.
     *
     * @param hitRate share of the requests of the second half that found their key, in percent
     * @param keys how many keys it held in the end
     */
    public record Cached(double hitRate, long keys) {}

    /**
     * Asks for so many keys out of a universe, and stores each that is not there. No more than
     * {@value #REQUESTS_PER_SECOND} a second: the time of accesses is kept in seconds, so a faster
     * server would look like a worse cache.
     */
    public static Cached cache(ServerProcess server, int universe, int requests, long seed)
            throws IOException {
        ZipfKeys keys = new ZipfKeys(universe, ZIPF_EXPONENT, seed);
        String value = "v".repeat(100);
        long hits = 0;
        long asked = 0;
        try (RespClient client = server.connect()) {
            long start = System.nanoTime();
            for (int done = 0; done < requests; done += ASKED_AT_ONCE) {
                long due = start + done * (NANOS_PER_SECOND / REQUESTS_PER_SECOND);
                LockSupport.parkNanos(due - System.nanoTime());
                List<String> batch = new ArrayList<>();
                StringBuilder gets = new StringBuilder();
                for (int i = 0; i < ASKED_AT_ONCE; i++) {
                    String key = keys.next();
                    batch.add(key);
                    gets.append(RespClient.encode(List.of("GET", key)));
                }
                client.send(gets.toString());
                StringBuilder sets = new StringBuilder();
                int missed = 0;
                for (String key : batch) {
                    if (client.read().isNull()) {
                        missed++;
                        sets.append(RespClient.encode(List.of("SET", key, value)));
                    }
                }
                client.send(sets.toString());
                for (int i = 0; i < missed; i++) {
                    if (!client.read().isSimple("OK")) {
                        throw new IOException("a write was refused");
                    }
                }
                if (done >= requests / 2) {
                    asked += ASKED_AT_ONCE;
                    hits += ASKED_AT_ONCE - missed;
                }
            }
            return new Cached(100.0 * hits / asked, client.call("DBSIZE").integer());
        }
    }

    private static long field(RespClient client, String section, String name) throws IOException {
        return field(client.call("INFO", section).text(), name);
    }

    private static long field(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1).strip()))
                .findFirst()
                .orElseThrow();
    }
}
