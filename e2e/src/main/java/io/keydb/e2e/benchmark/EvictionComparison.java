package io.keydb.e2e.benchmark;

import io.keydb.e2e.process.ServerLaunch;
import io.keydb.e2e.process.ServerProcess;
import java.util.List;

/**
 * How well {@code maxmemory} holds under each policy, and how good a cache is in comparison with
 * the stock server: prints two tables.
 *
 * <p>Threads: confined to the main thread.
 */
public final class EvictionComparison {
    private static final int MEGABYTE = 1 << 20;
    private static final int LIMIT_MEGABYTES = 64;
    private static final int TIMES_THE_LIMIT = 10;
    private static final int UNIVERSE = 1_000_000;
    private static final int REQUESTS = 2_000_000;
    private static final long SEED = 42;
    private static final List<String> POLICIES =
            List.of(
                    "noeviction",
                    "allkeys-lru",
                    "allkeys-lfu",
                    "allkeys-random",
                    "volatile-lru",
                    "volatile-lfu",
                    "volatile-random",
                    "volatile-ttl");

    private EvictionComparison() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws Exception {
        System.out.printf(
                "10 times the memory is written, maxmemory %d MB, two event loops, seed %d%n%n",
                LIMIT_MEGABYTES, SEED);
        System.out.println(
                "| policy | worst used_memory above maxmemory | refused | evicted | left |");
        System.out.println("|---|---:|---:|---:|---:|");
        for (String policy : POLICIES) {
            try (ServerProcess server =
                    limited(ServerLaunch.ours(), policy, LIMIT_MEGABYTES * (long) MEGABYTE)) {
                long limit = LIMIT_MEGABYTES * (long) MEGABYTE;
                EvictionLoad.Written seen =
                        EvictionLoad.writeBeyond(server, limit, limit * TIMES_THE_LIMIT, SEED);
                System.out.printf(
                        "| %s | %+.2f %% | %d | %d | %d |%n",
                        policy, seen.worstAbove(), seen.refused(), seen.evicted(), seen.keys());
            }
        }
        System.out.printf(
                "%n%d requests for %d keys by Zipf's law, values of 100 bytes, seed %d%n%n",
                REQUESTS, UNIVERSE, SEED);
        System.out.println("| policy | server | maxmemory MB | keys held | hit rate |");
        System.out.println("|---|---|---:|---:|---:|");
        for (String policy : List.of("allkeys-lru", "allkeys-lfu")) {
            double megabytes = 32;
            EvictionLoad.Cached stock = cache(ServerLaunch.stock(), policy, megabytes);
            print(policy, "stock", megabytes, stock);
            EvictionLoad.Cached ours = cache(ServerLaunch.ours(), policy, megabytes);
            print(policy, "ours, same memory", megabytes, ours);
            double fewer = megabytes * stock.keys() / ours.keys();
            print(policy, "ours, as many keys", fewer, cache(ServerLaunch.ours(), policy, fewer));
        }
    }

    private static void print(
            String policy, String server, double megabytes, EvictionLoad.Cached seen) {
        System.out.printf(
                "| %s | %s | %.1f | %d | %.2f %% |%n",
                policy, server, megabytes, seen.keys(), seen.hitRate());
    }

    private static EvictionLoad.Cached cache(ServerLaunch launch, String policy, double megabytes)
            throws Exception {
        try (ServerProcess server = limited(launch, policy, (long) (megabytes * MEGABYTE))) {
            return EvictionLoad.cache(server, UNIVERSE, REQUESTS, SEED);
        }
    }

    /** Starts a server with a limit; ours with two event loops. */
    private static ServerProcess limited(ServerLaunch launch, String policy, long bytes)
            throws Exception {
        ServerLaunch with =
                launch.with("--maxmemory", Long.toString(bytes), "--maxmemory-policy", policy);
        return launch.kind() == ServerLaunch.Kind.OURS
                ? with.with("--server-threads", "2").start()
                : with.start();
    }
}
