package io.keydb.server.keyspace.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import io.keydb.server.keyspace.KeptKey;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A snapshot shows collections of every type as they were at its cut, with the expiry of their
 * members, whatever is written while it is walked.
 */
class CollectionSnapshotTest {
    private static final int KEYS = 300;

    private final CommandTester commands = new CommandTester();
    private final Snapshots snapshots = new Snapshots(commands.keyspace());

    @AfterEach
    void everythingIsFreed() {
        assertThat(snapshots.openCount()).isZero();
        commands.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void writesDuringTheWalkDoNotShow(long seed) throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 1_000; i++) {
                write(random);
            }
            commands.clock().advanceMillis(random.nextInt(200));
            Map<String, String> atCut = new TreeMap<>();
            for (int i = 0; i < KEYS; i++) {
                String key = "key:" + i;
                if (commands.run("EXISTS", key).equals(":1")) {
                    atCut.put(key, digest(key));
                }
            }
            Map<String, String> shown = new TreeMap<>();
            long now = commands.clock().millis();
            try (Snapshot snapshot = snapshots.begin(() -> {})) {
                snapshot.walk(new Collector(shown, now, random));
            }
            assertThat(shown).as("seed %d round %d", seed, round).isEqualTo(atCut);
            assertThat(snapshots.savedBytes()).isZero();
        }
    }

    private String digest(String key) {
        try (KeptKey kept = new KeptKey(commands.keyspace().pages())) {
            commands.keyspace().lock(commands.keyspace().allPartitions());
            try {
                byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
                return Digest.of(commands.keyspace().database(0), kept.keep(bytes));
            } finally {
                commands.keyspace().unlock(commands.keyspace().allPartitions());
            }
        }
    }

    private void write(Random random) {
        int number = random.nextInt(KEYS);
        String key = "key:" + number;
        String member = "m" + random.nextInt(random.nextBoolean() ? 8 : 300);
        String value = "v".repeat(random.nextInt(random.nextInt(10) == 0 ? 200 : 20));
        int choice = random.nextInt(10);
        if (choice == 0) {
            commands.run("DEL", key);
        } else if (choice == 1) {
            commands.run("EXPIREMEMBER", key, member, "" + random.nextInt(300), "ms");
        } else {
            switch (number % 6) {
                case 0 ->
                        commands.run(
                                choice < 7
                                        ? new String[] {"HSET", key, member, value}
                                        : new String[] {"HDEL", key, member});
                case 1 ->
                        commands.run(
                                choice < 7
                                        ? new String[] {"SADD", key, member + value}
                                        : new String[] {"SPOP", key});
                case 2 ->
                        commands.run(
                                choice < 7
                                        ? new String[] {"ZADD", key, "" + choice, member}
                                        : new String[] {"ZREM", key, member});
                case 3 ->
                        commands.run(
                                choice < 7
                                        ? new String[] {"RPUSH", key, member, value.repeat(90)}
                                        : new String[] {"LPOP", key});
                case 4 ->
                        commands.run(
                                choice < 7
                                        ? new String[] {"XADD", key, "*", member, value}
                                        : new String[] {"XTRIM", key, "MAXLEN", "3"});
                default -> commands.run("APPEND", key, value);
            }
        }
    }

    /** Notes what it is shown; writes meanwhile. */
    private final class Collector implements SnapshotSink {
        private final Map<String, String> shown;
        private final long nowMillis;
        private final Random random;

        Collector(Map<String, String> shown, long nowMillis, Random random) {
            this.shown = shown;
            this.nowMillis = nowMillis;
            this.random = random;
        }

        @Override
        public void database(int index, long keys, long expiringKeys) {}

        @Override
        public void record(long record) {
            byte[] ofValue = new byte[20];
            if (new ContentDigest().value(ofValue, record, nowMillis)) {
                byte[] key = Memory.bytes(Record.keyAddress(record), Record.keyLength(record));
                shown.put(
                        new String(key, StandardCharsets.US_ASCII),
                        HexFormat.of().formatHex(ofValue));
            }
        }

        @Override
        public void sliceEnded() throws IOException {
            for (int n = random.nextInt(60); n > 0; n--) {
                write(random);
            }
        }
    }
}
