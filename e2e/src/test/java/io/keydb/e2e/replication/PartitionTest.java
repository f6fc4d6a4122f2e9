package io.keydb.e2e.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.RespReply;
import io.keydb.e2e.process.ServerProcess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Two active nodes, both written to while they cannot see each other: afterwards they hold the same
 * data, the later write of each key has won, and what was deleted last stays deleted.
 *
 * <p>{@code -Dkeydb.partition.runs} says how often (100), {@code -Dkeydb.partition.millis} how long
 * each cut lasts; by default every twentieth lasts 5 s and the others half a second. Every other
 * partition freezes the connections instead of closing them.
 */
class PartitionTest {
    private static final long SEED = Long.getLong("keydb.seed", System.nanoTime());
    private static final int RUNS = Integer.getInteger("keydb.partition.runs", 100);
    private static final long MILLIS = Long.getLong("keydb.partition.millis", 0);
    private static final long LONG_MILLIS = 5_000;
    private static final long SHORT_MILLIS = 500;
    private static final int KEYS = 24;

    /**
     * The last operation on a key by one side: its value, null for DEL, and when it was sent and
     * answered.
     */
    private record Operation(@Nullable String value, long sentNanos, long answeredNanos) {}

    @Test
    void bothSidesEndEqualAndNothingIsResurrected() throws Exception {
        try (ServerProcess first = Nodes.active().start();
                ServerProcess second = Nodes.active().start();
                Cable toFirst = new Cable(first.port());
                Cable toSecond = new Cable(second.port());
                RespClient a = first.connect();
                RespClient b = second.connect()) {
            Nodes.link(a, toSecond.port());
            Nodes.link(b, toFirst.port());
            Nodes.awaitEqual(a, b);
            for (int run = 0; run < RUNS; run++) {
                long seed = SEED + run;
                try {
                    partition(new Random(seed), run, List.of(toFirst, toSecond), a, b);
                } catch (AssertionError failure) {
                    throw new AssertionError("-Dkeydb.seed=" + seed + ", run " + run, failure);
                }
            }
        }
    }

    private static void partition(
            Random random, int run, List<Cable> cables, RespClient a, RespClient b)
            throws Exception {
        boolean closes = run % 2 == 0;
        for (Cable cable : cables) {
            if (closes) {
                cable.cut();
            } else {
                cable.freeze();
            }
        }
        long millis = MILLIS > 0 ? MILLIS : run % 20 == 0 ? LONG_MILLIS : SHORT_MILLIS;
        Writer onA = new Writer(a, "a" + run, random.nextLong(), millis);
        Writer onB = new Writer(b, "b" + run, random.nextLong(), millis);
        onA.join();
        onB.join();
        cables.forEach(Cable::mend);
        Nodes.awaitEqual(a, b);
        assertThat(onA.count + onB.count).isGreaterThan(20);
        for (int i = 0; i < KEYS; i++) {
            check("key" + i, onA.last("key" + i), onB.last("key" + i), a);
        }
    }

    /** The later of two operations counts, where it is certain which one that is. */
    private static void check(
            String key, @Nullable Operation onA, @Nullable Operation onB, RespClient client)
            throws Exception {
        RespReply reply = client.call("GET", key);
        String found = reply.isNull() ? null : reply.text();
        for (Operation later : later(onA, onB)) {
            assertThat(found).as(key).isEqualTo(later.value());
        }
    }

    private static List<Operation> later(@Nullable Operation one, @Nullable Operation other) {
        List<Operation> later = new ArrayList<>();
        if (one != null && other != null) {
            // Stamps have milliseconds; closer operations may go either way, unless both deleted.
            if (one.answeredNanos() + 2_000_000 < other.sentNanos()) {
                later.add(other);
            } else if (other.answeredNanos() + 2_000_000 < one.sentNanos()) {
                later.add(one);
            } else if (one.value() == null && other.value() == null) {
                later.add(one);
            }
        } else if (one != null) {
            later.add(one);
        } else if (other != null) {
            later.add(other);
        }
        return later;
    }

    /** Sets and deletes keys on one side for a while. */
    private static final class Writer {
        private final Map<String, Operation> last = new HashMap<>();
        private final Thread thread;
        private @Nullable Exception failure;
        private int count;

        Writer(RespClient client, String name, long seed, long millis) {
            thread =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            write(client, name, new Random(seed), millis);
                                        } catch (Exception failed) {
                                            failure = failed;
                                        }
                                    });
        }

        private void write(RespClient client, String name, Random random, long millis)
                throws Exception {
            long end = System.nanoTime() + millis * 1_000_000;
            while (System.nanoTime() < end) {
                String key = "key" + random.nextInt(KEYS);
                String value = random.nextInt(5) < 2 ? null : name + "-" + count;
                long sent = System.nanoTime();
                String answer =
                        value == null
                                ? Nodes.call(client, "DEL", key)
                                : Nodes.call(client, "SET", key, value);
                // What deleted nothing is no write.
                if (!answer.equals("0")) {
                    last.put(key, new Operation(value, sent, System.nanoTime()));
                    count++;
                }
                if (random.nextInt(4) == 0) {
                    Thread.sleep(random.nextInt(6));
                }
            }
        }

        void join() throws Exception {
            thread.join();
            if (failure != null) {
                throw failure;
            }
        }

        @Nullable Operation last(String key) {
            return last.get(key);
        }
    }
}
