package io.keydb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.keyspace.ActiveExpiry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several threads at once: transactions are whole, walks miss nothing, no memory is lost. */
class ConcurrencyTest {
    private static final int ACCOUNTS = 40;
    private static final int START = 1000;
    private static final int TRANSFERS = 1200;

    @ParameterizedTest
    @ValueSource(ints = {1, 64})
    void transfersKeepTheSum(int partitions) throws Exception {
        try (CommandTester server = new CommandTester(false, partitions, Gatekeeper.open())) {
            for (int i = 0; i < ACCOUNTS; i++) {
                server.run("SET", "account:" + i, Integer.toString(START));
            }
            AtomicBoolean done = new AtomicBoolean();
            List<Callable<Integer>> writers = new ArrayList<>();
            writers.add(() -> transferByIncrement(server.session(), new Random(1)));
            writers.add(() -> transferByIncrement(server.session(), new Random(2)));
            writers.add(() -> transferWatching(server.session(), new Random(3)));
            writers.add(() -> transferWatching(server.session(), new Random(4)));
            run(writers, done, List.of(() -> readSums(server.session(), done)));
            assertThat(sum(server.session())).isEqualTo(ACCOUNTS * START);
        }
    }

    private static int transferByIncrement(CommandTester.Session session, Random random) {
        for (int i = 0; i < TRANSFERS; i++) {
            String amount = Integer.toString(random.nextInt(50));
            session.run("MULTI");
            session.run("DECRBY", account(random), amount);
            session.run("INCRBY", account(random), amount);
            assertThat(session.run("EXEC")).startsWith("*2 :");
        }
        return TRANSFERS;
    }

    private static int transferWatching(CommandTester.Session session, Random random) {
        int done = 0;
        for (int i = 0; i < TRANSFERS; i++) {
            String from = account(random);
            String to = account(random);
            if (from.equals(to)) {
                continue;
            }
            int amount = random.nextInt(50);
            session.run("WATCH", from, to);
            int left = integer(session.run("GET", from)) - amount;
            int right = integer(session.run("GET", to)) + amount;
            session.run("MULTI");
            session.run("SET", from, Integer.toString(left));
            session.run("SET", to, Integer.toString(right));
            String reply = session.run("EXEC");
            assertThat(reply).isIn("*-1", "*2 +OK +OK");
            done += reply.equals("*-1") ? 0 : 1;
        }
        assertThat(done).as("some succeed").isPositive();
        return done;
    }

    private static int readSums(CommandTester.Session session, AtomicBoolean done) {
        int reads = 0;
        while (!done.get()) {
            assertThat(sum(session)).isEqualTo(ACCOUNTS * START);
            reads++;
        }
        return reads;
    }

    private static int sum(CommandTester.Session session) {
        session.run("MULTI");
        for (int i = 0; i < ACCOUNTS; i++) {
            session.run("GET", "account:" + i);
        }
        String[] words = session.run("EXEC").split(" ", -1);
        int sum = 0;
        for (int i = 2; i < words.length; i += 2) {
            sum += Integer.parseInt(words[i]);
        }
        return sum;
    }

    private static String account(Random random) {
        return "account:" + random.nextInt(ACCOUNTS);
    }

    private static int integer(String bulk) {
        return Integer.parseInt(bulk.substring(bulk.indexOf(' ') + 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64})
    void walksBesideWritersMissNothing(int partitions) throws Exception {
        try (CommandTester server = new CommandTester(false, partitions, Gatekeeper.open())) {
            for (int i = 0; i < 300; i++) {
                server.run("SET", "stays:" + i, "v");
            }
            AtomicBoolean done = new AtomicBoolean();
            run(
                    List.of(
                            () -> comeAndGo(server.session(), new Random(1)),
                            () -> comeAndGo(server.session(), new Random(2))),
                    done,
                    List.of(
                            () -> scanAll(server.session(), done),
                            () -> listAll(server.session(), done)));
        }
    }

    private static int comeAndGo(CommandTester.Session session, Random random) {
        for (int i = 0; i < 15_000; i++) {
            String name = "passing:" + random.nextInt(3000);
            boolean growing = i / 3000 % 2 == 0;
            if (random.nextInt(4) == 0 == growing) {
                session.run("DEL", name);
            } else {
                session.run("SET", name, "x".repeat(random.nextInt(100)));
            }
        }
        return 0;
    }

    private static int scanAll(CommandTester.Session session, AtomicBoolean done) {
        int scans = 0;
        do {
            Set<String> found = new HashSet<>();
            String cursor = "0";
            do {
                String[] words =
                        session.run("SCAN", cursor, "MATCH", "stays:*", "COUNT", "50")
                                .split(" ", -1);
                cursor = words[2];
                for (int i = 5; i < words.length; i += 2) {
                    found.add(words[i]);
                }
            } while (!cursor.equals("0"));
            assertThat(found).hasSize(300);
            scans++;
        } while (!done.get());
        return scans;
    }

    private static int listAll(CommandTester.Session session, AtomicBoolean done) {
        int lists = 0;
        do {
            assertThat(session.run("KEYS", "stays:*")).startsWith("*300 ");
            assertThat(session.run("RANDOMKEY")).isNotEqualTo("$-1");
            lists++;
        } while (!done.get());
        return lists;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64})
    void activeExpiryStandsExchangesAndFlushesOfDatabases(int partitions) throws Exception {
        try (CommandTester server = new CommandTester(false, partitions, Gatekeeper.open())) {
            AtomicBoolean done = new AtomicBoolean();
            ActiveExpiry expiry = new ActiveExpiry(server.keyspace());
            run(
                    List.of(() -> setShortLived(server, "1"), () -> setShortLived(server, "2")),
                    done,
                    List.of(
                            () -> {
                                while (!done.get()) {
                                    expiry.cycle(1_000_000);
                                }
                                return 0;
                            },
                            () -> exchange(server.session(), done)));
            assertThat(expiry.removed()).isPositive();
            server.keyspace().lock(server.keyspace().allPartitions());
            for (int i = 0; i < partitions; i++) {
                server.keyspace().partition(i).allocator().checkCanaries();
            }
            server.keyspace().unlock(server.keyspace().allPartitions());
        }
    }

    private static int setShortLived(CommandTester server, String database) {
        CommandTester.Session session = server.session();
        session.run("SELECT", database);
        for (int i = 0; i < 8000; i++) {
            session.run("SET", "key:" + i % 500, "v", "PX", "2");
            server.clock().advanceMillis(i % 3 == 0 ? 1 : 0);
        }
        return 0;
    }

    private static int exchange(CommandTester.Session session, AtomicBoolean done) {
        int exchanges = 0;
        while (!done.get()) {
            assertThat(session.run("SWAPDB", "1", "2")).isEqualTo("+OK");
            if (++exchanges % 50 == 0) {
                assertThat(session.run("FLUSHALL")).isEqualTo("+OK");
            }
        }
        return exchanges;
    }

    /** Runs all at once; tells the companions when the others are done. */
    private static void run(
            List<Callable<Integer>> workers, AtomicBoolean done, List<Callable<Integer>> companions)
            throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(workers.size() + companions.size());
        try {
            List<Future<Integer>> accompanying = new ArrayList<>();
            for (Callable<Integer> companion : companions) {
                accompanying.add(threads.submit(companion));
            }
            List<Future<Integer>> working = new ArrayList<>();
            for (Callable<Integer> worker : workers) {
                working.add(threads.submit(worker));
            }
            try {
                for (Future<Integer> each : working) {
                    each.get(60, TimeUnit.SECONDS);
                }
            } finally {
                done.set(true);
            }
            for (Future<Integer> each : accompanying) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
