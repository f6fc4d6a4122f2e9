package io.keydb.e2e.benchmark;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.ServerLaunch;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * What a client that asks for single keys notices of another that asks for all of them: prints the
 * latency of GET alone and beside {@code KEYS *}, on our server and on stock.
 *
 * <p>Threads: the main thread asks for single keys, another one for all.
 */
public final class KeysBesideGets {
    private static final int KEYS = 5_000_000;
    private static final int PREFIXES = 100;
    private static final long LINES_PER_KEY = 2;
    private static final int LEAST_GETS = 50_000;
    private static final int MOST_GETS = 2_000_000;
    private static final long SEED = 42;
    private static final double NANOS_PER_MILLI = 1e6;

    private KeysBesideGets() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws Exception {
        System.out.printf("GET one after the other, %d keys, seed %d%n%n", KEYS, SEED);
        System.out.println(
                "| server | beside KEYS * | GETs | p50 ms | p99 ms | p99.9 ms | longest ms |");
        System.out.println("|---|---|---:|---:|---:|---:|---:|");
        measure("stock", ServerLaunch.stock());
        measure("ours", ServerLaunch.ours().with("--server-threads", "2"));
    }

    private static void measure(String name, ServerLaunch launch) throws Exception {
        try (ServerProcess server = launch.with("--enable-debug-command", "yes").start();
                RespClient client = server.connect()) {
            for (int i = 0; i < PREFIXES; i++) {
                client.call("DEBUG", "POPULATE", Integer.toString(KEYS / PREFIXES), "key" + i);
            }
            CompletableFuture<Void> nothing = CompletableFuture.completedFuture(null);
            gets(client, nothing);
            print(name, "no", gets(client, nothing));
            CompletableFuture<Void> all = CompletableFuture.runAsync(() -> askForAll(server));
            print(name, "yes", gets(client, all));
            all.get();
        }
    }

    /** Latencies in nanoseconds, sorted, until the other is done and there are enough. */
    private static long[] gets(RespClient client, CompletableFuture<Void> other)
            throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        long[] nanos = new long[MOST_GETS];
        int count = 0;
        boolean alone = other.isDone();
        while (count < MOST_GETS && (alone ? count < LEAST_GETS : !other.isDone())) {
            String key = "key" + random.nextInt(PREFIXES) + ":" + random.nextInt(KEYS / PREFIXES);
            long start = System.nanoTime();
            client.call("GET", key);
            nanos[count++] = System.nanoTime() - start;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted;
    }

    /** Sends KEYS and reads the reply without keeping it. */
    private static void askForAll(ServerProcess server) {
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.getOutputStream().write("KEYS *\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[1 << 16];
            long lines = 1 + LINES_PER_KEY * KEYS;
            while (lines > 0) {
                int read = in.read(buffer);
                if (read < 0) {
                    throw new IOException("the connection was closed");
                }
                for (int i = 0; i < read; i++) {
                    lines -= buffer[i] == '\n' ? 1 : 0;
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void print(String server, String beside, long[] sorted) {
        System.out.printf(
                "| %s | %s | %d | %.3f | %.3f | %.3f | %.1f |%n",
                server,
                beside,
                sorted.length,
                at(sorted, 0.5),
                at(sorted, 0.99),
                at(sorted, 0.999),
                at(sorted, 1));
    }

    private static double at(long[] sorted, double share) {
        int index = (int) Math.min(sorted.length - 1, (long) (sorted.length * share));
        return sorted[index] / NANOS_PER_MILLI;
    }
}
