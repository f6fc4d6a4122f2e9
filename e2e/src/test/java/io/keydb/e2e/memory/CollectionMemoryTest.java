package io.keydb.e2e.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keydb.e2e.process.ServerLaunch;
import io.keydb.e2e.process.ServerProcess;
import io.keydb.e2e.process.Subject;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A million things of every type cost no more of {@code used_memory} than they may, and the memory
 * of the process grows by hardly more. The stock server beside it takes the same load, for
 * comparison.
 */
class CollectionMemoryTest {
    /** Pages half full, stacks, code compiled meanwhile. */
    private static final double MOST_RESIDENT_RATIO = 1.15;

    private static final double RESIDENT_SLACK = 10;

    /** What is loaded, and what it may take: megabytes, or a share of what stock takes. */
    enum Kind {
        HASHES(
                105,
                1,
                (name, i) -> {
                    String value = digits(i);
                    return new String[] {
                        "HSET",
                        name + ":" + i,
                        "f1",
                        value,
                        "f2",
                        value,
                        "f3",
                        value,
                        "f4",
                        value,
                        "f5",
                        value
                    };
                }),
        SORTED_SET(
                60,
                1,
                (name, i) -> new String[] {"ZADD", name, Integer.toString(i), "member:" + i}),
        SET(30, 1, (name, i) -> new String[] {"SADD", name, "member:" + i}),
        LIST(10, 1, (name, i) -> new String[] {"RPUSH", name, digits(i)}),
        STREAM(
                Double.MAX_VALUE,
                0.7,
                (name, i) ->
                        new String[] {
                            "XADD",
                            name,
                            "1700000000000-" + (i + 1),
                            "f1",
                            digits(i),
                            "f2",
                            digits(i)
                        }),
        HASH(
                Double.MAX_VALUE,
                0.7,
                (name, i) -> new String[] {"HSET", name, "field:" + i, digits(i)});

        private final double most;
        private final double mostOfStock;
        private final MemoryLoad.Request request;

        Kind(double most, double mostOfStock, MemoryLoad.Request request) {
            this.most = most;
            this.mostOfStock = mostOfStock;
            this.request = request;
        }

        /** Eight characters, different each time. */
        private static String digits(int i) {
            return String.format(Locale.ROOT, "v%07d", i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMillionStayWithinTheirBounds(Kind kind) throws Exception {
        MemoryLoad.Growth ours = measure(Subject.launch(), kind);
        ServerLaunch stockLaunch = ServerLaunch.stock();
        assumeTrue(stockLaunch.isPossible(), stockLaunch.reasonImpossible());
        MemoryLoad.Growth stock = measure(stockLaunch, kind);
        System.out.printf(
                Locale.ROOT,
                "1M %s: used_memory grew by %.1f MB (stock %.1f, ratio %.2f), resident memory by"
                        + " %.1f MB (stock %.1f)%n",
                kind.name().toLowerCase(Locale.ROOT),
                ours.used(),
                stock.used(),
                ours.used() / stock.used(),
                ours.resident(),
                stock.resident());
        if (!Subject.isStock()) {
            assertThat(ours.used())
                    .as("growth of used_memory in MB")
                    .isLessThanOrEqualTo(Math.min(kind.most, kind.mostOfStock * stock.used()));
            assertThat(ours.resident())
                    .as("growth of resident memory in MB")
                    .isLessThanOrEqualTo(ours.used() * MOST_RESIDENT_RATIO + RESIDENT_SLACK);
        }
    }

    private static MemoryLoad.Growth measure(ServerLaunch launch, Kind kind)
            throws IOException, InterruptedException {
        try (ServerProcess server = launch.start()) {
            return MemoryLoad.measure(server, kind.request);
        }
    }
}
