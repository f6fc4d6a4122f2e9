package io.keydb.server.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import io.keydb.server.command.Gatekeeper;
import io.keydb.server.config.ChangeRefused;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directives;
import io.keydb.server.structure.RecordTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Data of all types is scattered, moved together, and still the same. */
class ActiveDefragmentationTest {
    private static final int KEYS = 2400;
    private static final int SMALL_KEYS = 40_000;

    private final long seed = Long.getLong("keydb.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void memoryGoesBackAndAllDataStayWhole() {
        try (CommandTester tester = tester()) {
            scatter(tester);
            scatterSmall(tester);
            List<String> before = content(tester);
            Keyspace keyspace = tester.keyspace();
            long committed = keyspace.committedBytes();
            long allocated = keyspace.allocatedBytes();
            assertThat(committed).as("is fragmented").isGreaterThan(3 * allocated);
            Configuration configuration = configuration();
            ActiveDefragmentation defragmentation =
                    new ActiveDefragmentation(keyspace, configuration);
            defragmentation.cycle(1_000_000);
            assertThat(keyspace.committedBytes()).as("not switched on").isEqualTo(committed);
            set(configuration, "activedefrag", "yes");
            defragmentation.cycle(1_000_000);
            assertThat(keyspace.committedBytes() - allocated)
                    .as("waste; about half of it, but what lies together depends on the hash")
                    .isLessThan((committed - allocated) * 2 / 3);
            assertThat(keyspace.allocatedBytes()).isEqualTo(allocated);
            assertThat(content(tester)).as("seed " + seed).isEqualTo(before);
            for (int i = 0; i < SMALL_KEYS; i += 10) {
                assertThat(tester.run("GET", "small:" + i)).isEqualTo("$7 value:" + i % 10);
            }
            assertThat(defragmentation.moved()).isPositive();
            assertThat(defragmentation.movedKeys()).isPositive();
            assertThat(defragmentation.effort()).isZero();
            checkInvariants(keyspace);
        }
    }

    @Test
    void workGoesOnBetweenTheSlices() {
        try (CommandTester tester = tester();
                CommandTester undisturbed = tester();
                KeptKey kept = new KeptKey(tester.keyspace().pages())) {
            scatter(tester);
            copyOf(undisturbed);
            Keyspace keyspace = tester.keyspace();
            Random work = new Random(seed);
            for (int i = 0; i < keyspace.partitions(); i++) {
                Partition partition = keyspace.partition(i);
                Evacuation evacuation = new Evacuation(keyspace, partition, kept, 10);
                boolean more = locked(partition, evacuation::begin);
                while (more) {
                    more = locked(partition, evacuation::slice);
                    for (int j = 0; j < 5; j++) {
                        String[] command = command(work);
                        assertThat(tester.run(command))
                                .as(() -> "seed " + seed + ": " + Arrays.toString(command))
                                .isEqualTo(undisturbed.run(command));
                    }
                }
                locked(
                        partition,
                        () -> {
                            evacuation.end();
                            return true;
                        });
            }
            assertThat(content(tester)).as("seed " + seed).isEqualTo(content(undisturbed));
            checkInvariants(keyspace);
        }
    }

    @Test
    void nothingHappensBelowTheThresholds() {
        try (CommandTester tester = tester()) {
            scatter(tester);
            Configuration configuration = configuration();
            set(configuration, "activedefrag", "yes");
            set(configuration, "active-defrag-ignore-bytes", "1gb");
            ActiveDefragmentation defragmentation =
                    new ActiveDefragmentation(tester.keyspace(), configuration);
            defragmentation.cycle(1_000_000);
            set(configuration, "active-defrag-ignore-bytes", "1");
            set(configuration, "active-defrag-threshold-lower", "1000");
            tester.clock().advanceMillis(1000);
            defragmentation.cycle(1_000_000);
            assertThat(defragmentation.moved() + defragmentation.stayed()).isZero();
        }
    }

    /** One partition, so that a little data fills many slabs. */
    private static CommandTester tester() {
        return new CommandTester(false, 1, Gatekeeper.open());
    }

    /** The same data in another server, from the same numbers. */
    private void copyOf(CommandTester other) {
        random.setSeed(seed);
        fill(other);
        remove(other);
    }

    private void scatter(CommandTester tester) {
        random.setSeed(seed);
        fill(tester);
        remove(tester);
    }

    private static void scatterSmall(CommandTester tester) {
        for (int i = 0; i < SMALL_KEYS; i++) {
            tester.run("SET", "small:" + i, "value:" + i % 10);
        }
        for (int i = 0; i < SMALL_KEYS; i++) {
            if (i % 10 != 0) {
                tester.run("DEL", "small:" + i);
            }
        }
    }

    private void fill(CommandTester tester) {
        for (int i = 0; i < KEYS; i++) {
            String key = "key:" + i;
            switch (i % 12) {
                case 0, 1, 2, 3 -> tester.run("SET", key, "v".repeat(20 + 40 * random.nextInt(2)));
                case 4 -> tester.run("SETEX", key, "1000", "value" + i);
                case 5 -> tester.run("SET", key, "w".repeat(5000));
                case 6 -> add(tester, "HSET", key, 10, true);
                case 7 -> add(tester, "SADD", key, 10, false);
                case 8 -> add(tester, "HSET", key, i % 120 == 8 ? 700 : 20, true);
                case 9 -> add(tester, "SADD", key, i % 120 == 9 ? 700 : 20, false);
                case 10 -> add(tester, "ZADD", key, i % 120 == 10 ? 400 : 20, true);
                default -> {
                    if (i % 24 == 11) {
                        add(tester, "RPUSH", key, i % 120 == 11 ? 2000 : 20, false);
                    } else {
                        append(tester, key, i % 120 == 23 ? 300 : 20);
                    }
                }
            }
            if (i % 12 == 8 || i % 12 == 9) {
                tester.run("EXPIREMEMBER", key, "1", "5000");
            }
        }
    }

    private static void add(
            CommandTester tester, String command, String key, int elements, boolean pairs) {
        List<String> words = new ArrayList<>(List.of(command, key));
        for (int i = 0; i < elements; i++) {
            words.add(Integer.toString(i));
            if (pairs) {
                words.add(command.equals("ZADD") ? "member" + i : "value".repeat(1 + i % 3) + i);
            }
        }
        tester.run(words.toArray(String[]::new));
    }

    private static void append(CommandTester tester, String key, int entries) {
        for (int i = 1; i <= entries; i++) {
            tester.run("XADD", key, i + "-1", "field", "value".repeat(i % 5) + i);
        }
        tester.run("XGROUP", "CREATE", key, "group", "0");
    }

    private static void remove(CommandTester tester) {
        for (int i = 0; i < KEYS; i++) {
            if (i / 12 % 10 > 1 || (i / 12 % 10 == 1 && i % 24 != 23)) {
                tester.run("DEL", "key:" + i);
            }
        }
        Keyspace keyspace = tester.keyspace();
        while (keyspace.partitions() > 0 && discarded(keyspace)) {
            keyspace.reclaim();
        }
    }

    private static boolean discarded(Keyspace keyspace) {
        for (int i = 0; i < keyspace.partitions(); i++) {
            if (keyspace.partition(i).discardedValues() > 0) {
                return true;
            }
        }
        return false;
    }

    private static String[] command(Random work) {
        int group = work.nextInt(KEYS / 12);
        String key = "key:" + (group * 12 + work.nextInt(12));
        String member = Integer.toString(work.nextInt(800));
        String written =
                switch (work.nextInt(17)) {
                    case 0 -> "SET " + key + " " + "x".repeat(work.nextInt(200));
                    case 1 -> "DEL " + key;
                    case 2 -> "APPEND " + key + " " + "y".repeat(work.nextInt(6000));
                    case 3 -> "HSET " + key + " " + member + " changed";
                    case 4 -> "HDEL " + key + " " + member;
                    case 5 -> "SADD " + key + " " + member;
                    case 6 -> "SREM " + key + " " + member;
                    case 7 -> "ZADD " + key + " " + work.nextInt(900) + " member" + member;
                    case 8 -> "ZREM " + key + " member" + member;
                    case 9 -> "RPUSH " + key + " " + member;
                    case 10 -> "LPOP " + key;
                    case 14 -> "XADD " + key + " " + work.nextInt(1000) + "-5 f v";
                    case 15 -> "XDEL " + key + " " + member + "-1";
                    case 16 -> "XREADGROUP GROUP group me COUNT 3 STREAMS " + key + " >";
                    case 11 -> "EXPIRE " + key + " 2000";
                    case 12 -> "PERSIST " + key;
                    default -> "EXPIREMEMBER " + key + " " + member + " 9000";
                };
        return written.split(" ");
    }

    private static List<String> content(CommandTester tester) {
        List<String> content = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            String key = "key:" + i;
            String type = tester.run("TYPE", key);
            content.add(
                    key
                            + " "
                            + tester.run("PEXPIRETIME", key)
                            + " "
                            + switch (type) {
                                case "+string" -> tester.run("GET", key);
                                case "+hash" -> sorted(tester.run("HGETALL", key));
                                case "+set" -> sorted(tester.run("SMEMBERS", key));
                                case "+zset" ->
                                        tester.run("ZRANGE", key, "0", "-1", "WITHSCORES")
                                                + tester.run("ZSCORE", key, "member1");
                                case "+list" -> tester.run("LRANGE", key, "0", "-1");
                                case "+stream" ->
                                        tester.run("XRANGE", key, "-", "+")
                                                + tester.run("XPENDING", key, "group");
                                default -> type;
                            }
                            + (type.equals("+hash") || type.equals("+set")
                                    ? tester.run("PTTL", key, "1")
                                    : ""));
        }
        return content;
    }

    private static String sorted(String reply) {
        String[] words = reply.split(" ");
        Arrays.sort(words);
        return String.join(" ", words);
    }

    private static void checkInvariants(Keyspace keyspace) {
        for (int i = 0; i < keyspace.partitions(); i++) {
            Partition partition = keyspace.partition(i);
            RecordTable.checkInvariants(partition.records(0));
            RecordTable.checkInvariants(partition.expires(0));
            RecordTable.checkInvariants(partition.collections(0));
            partition.allocator().checkCanaries();
        }
    }

    private static boolean locked(Partition partition, BooleanSupplier underTheLock) {
        partition.lock();
        try {
            return underTheLock.getAsBoolean();
        } finally {
            partition.unlock();
        }
    }

    private static Configuration configuration() {
        Configuration configuration =
                new Configuration(Directives.of(DefragmentationDirectives.ALL));
        set(configuration, "active-defrag-ignore-bytes", "1");
        return configuration;
    }

    private static void set(Configuration configuration, String name, String value) {
        try {
            configuration.change(List.of(new Configuration.Assignment(name, value)));
        } catch (ChangeRefused refused) {
            throw new AssertionError(refused);
        }
    }
}
