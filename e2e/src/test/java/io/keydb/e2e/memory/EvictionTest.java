package io.keydb.e2e.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keydb.e2e.benchmark.EvictionLoad;
import io.keydb.e2e.process.ServerLaunch;
import io.keydb.e2e.process.ServerProcess;
import io.keydb.e2e.process.Subject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code maxmemory} holds while ten times as much is written, and a cache is at least as good as
 * that of a stock server with the same memory.
 */
class EvictionTest {
    private static final long MEGABYTE = 1 << 20;
    private static final int TIMES_THE_LIMIT = 10;
    private static final double MOST_ABOVE = 1;
    private static final int UNIVERSE = 100_000;
    private static final int REQUESTS = 300_000;
    private static final long SEED = 42;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "noeviction",
                "allkeys-lru",
                "allkeys-lfu",
                "allkeys-random",
                "volatile-lru",
                "volatile-lfu",
                "volatile-random",
                "volatile-ttl"
            })
    void theLimitHolds(String policy) throws Exception {
        long limit = 16 * MEGABYTE;
        try (ServerProcess server = limited(Subject.launch(), policy, limit)) {
            EvictionLoad.Written seen =
                    EvictionLoad.writeBeyond(server, limit, limit * TIMES_THE_LIMIT, SEED);
            System.out.printf("seed %d, %s: %s%n", SEED, policy, seen);
            assertThat(seen.worstAbove()).as("percent above the limit").isLessThan(MOST_ABOVE);
            assertThat(seen.refused() > 0).isEqualTo(policy.equals("noeviction"));
            assertThat(seen.evicted() > 0).isEqualTo(!policy.equals("noeviction"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "allkeys-lfu"})
    void aCacheIsNoWorseThanThatOfAStockServer(String policy) throws Exception {
        assumeTrue(ServerLaunch.stock().isPossible(), ServerLaunch.stock().reasonImpossible());
        double ours = cache(Subject.launch(), policy);
        double stock = cache(ServerLaunch.stock(), policy);
        System.out.printf("seed %d, %s: ours %.2f %%, stock %.2f %%%n", SEED, policy, ours, stock);
        assertThat(ours).isGreaterThanOrEqualTo(stock);
    }

    private static double cache(ServerLaunch launch, String policy) throws Exception {
        try (ServerProcess server = limited(launch, policy, 6 * MEGABYTE)) {
            return EvictionLoad.cache(server, UNIVERSE, REQUESTS, SEED).hitRate();
        }
    }

    private static ServerProcess limited(ServerLaunch launch, String policy, long bytes)
            throws Exception {
        return launch.with("--maxmemory", Long.toString(bytes), "--maxmemory-policy", policy)
                .start();
    }
}
