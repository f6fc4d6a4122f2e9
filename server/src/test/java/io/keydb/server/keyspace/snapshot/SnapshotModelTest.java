package io.keydb.server.keyspace.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.command.CommandTester;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.value.string.StringValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A snapshot shows what was there at its cut, each key once, whatever is written while it is
 * walked.
 */
class SnapshotModelTest {
    private final CommandTester commands = new CommandTester();
    private final Snapshots snapshots = new Snapshots(commands.keyspace());

    @AfterEach
    void everythingIsFreed() {
        assertThat(snapshots.openCount()).isZero();
        commands.close();
    }

    @Test
    void writesDuringTheWalkDoNotShow() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 30; round++) {
            int keys = random.nextInt(4_000);
            for (int i = 0; i < keys; i++) {
                write(random);
            }
            Map<String, String> atCut = contents();
            Map<String, String> shown = new TreeMap<>();
            try (Snapshot snapshot = snapshots.begin(() -> {})) {
                assertThat(snapshot.keys()).isEqualTo(atCut.size());
                snapshot.walk(
                        new Collector(shown) {
                            @Override
                            public void sliceEnded() {
                                for (int n = random.nextInt(60); n > 0; n--) {
                                    write(random);
                                }
                            }
                        });
            }
            assertThat(shown).as("seed %d round %d", seed, round).isEqualTo(atCut);
            assertThat(snapshots.savedBytes()).isZero();
        }
    }

    @Test
    void twoSnapshotsAtOnceEachShowTheirOwnCut() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            write(random);
        }
        Map<String, String> first = contents();
        try (Snapshot outer = snapshots.begin(() -> {})) {
            for (int i = 0; i < 500; i++) {
                write(random);
            }
            Map<String, String> second = contents();
            try (Snapshot inner = snapshots.begin(() -> {})) {
                for (int i = 0; i < 500; i++) {
                    write(random);
                }
                Map<String, String> shownInner = new TreeMap<>();
                inner.walk(new Collector(shownInner));
                assertThat(shownInner).isEqualTo(second);
            }
            Map<String, String> shownOuter = new TreeMap<>();
            outer.walk(new Collector(shownOuter));
            assertThat(shownOuter).isEqualTo(first);
        }
    }

    @Test
    void emptyingADatabaseUnderTheWalkEndsIt() {
        commands.run("SET", "a", "1");
        try (Snapshot snapshot = snapshots.begin(() -> {})) {
            commands.run("FLUSHALL");
            assertThatThrownBy(() -> snapshot.walk(new Collector(new TreeMap<>())))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining("emptied");
        }
    }

    @Test
    void tooManyChangesEndTheWalkAndNotTheWriters() {
        for (int i = 0; i < 1_000; i++) {
            commands.run("SET", "key" + i, "x".repeat(1_000));
        }
        try (Snapshot snapshot = snapshots.begin(() -> {}, 100_000)) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(commands.run("SET", "key" + i, "y")).isEqualTo("+OK");
            }
            assertThat(snapshot.savedBytes()).isLessThan(110_000);
            assertThatThrownBy(() -> snapshot.walk(new Collector(new TreeMap<>())))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining("100000");
        }
    }

    @Test
    void theDigestDependsOnDatabaseKeyValueAndExpiryAlone() throws Exception {
        assertThat(digest()).isEqualTo("0".repeat(40));
        commands.run("SET", "a", "1");
        commands.run("SET", "b", "text");
        String two = digest();
        assertThat(two).hasSize(40).isNotEqualTo("0".repeat(40));
        commands.run("APPEND", "a", "x");
        assertThat(digest()).isNotEqualTo(two);
        commands.run("DEL", "a", "b");
        assertThat(digest()).isEqualTo("0".repeat(40));
        commands.run("SET", "b", "tex");
        commands.run("APPEND", "b", "t");
        commands.run("SET", "a", "1");
        assertThat(digest()).isEqualTo(two);
        commands.run("PEXPIREAT", "a", Long.toString(commands.clock().millis() + 1_000));
        assertThat(digest()).isNotEqualTo(two);
        commands.run("PERSIST", "a");
        assertThat(digest()).isEqualTo(two);
        commands.run("MOVE", "a", "1");
        assertThat(digest()).isNotEqualTo(two);
    }

    @Test
    void keysWhoseTimeHasComeDoNotCountForTheDigest() throws Exception {
        commands.run("SET", "a", "1", "PX", "10");
        commands.clock().advanceMillis(20);
        assertThat(digest()).isEqualTo("0".repeat(40));
    }

    private String digest() throws IOException {
        return Digest.of(commands.keyspace(), snapshots);
    }

    private void write(Random random) {
        String key = "key:" + random.nextInt(3_000);
        commands.run("SELECT", random.nextInt(8) == 0 ? "2" : "0");
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> commands.run("SET", key, "v" + random.nextInt(100_000));
            case 3 -> commands.run("DEL", key);
            case 4 -> commands.run("APPEND", key, "suffix");
            case 5 -> commands.run("SET", key, "z".repeat(random.nextInt(9_000)));
            case 6 -> commands.run("SETRANGE", key, "3", "ab");
            default -> commands.run("SET", key, Integer.toString(random.nextInt()));
        }
    }

    private Map<String, String> contents() {
        Map<String, String> contents = new TreeMap<>();
        for (int database : new int[] {0, 2}) {
            long cursor = 0;
            do {
                int index = database;
                cursor =
                        commands.keyspace()
                                .traversal()
                                .scan(
                                        database,
                                        cursor,
                                        100,
                                        record -> contents.put(name(index, record), value(record)));
            } while (cursor != 0);
        }
        return contents;
    }

    private static String name(int database, long record) {
        return database + "/" + text(Record.keyAddress(record), Record.keyLength(record));
    }

    private static String value(long record) {
        return StringValue.isInteger(record)
                ? Long.toString(StringValue.integer(record))
                : text(StringValue.address(record), (int) StringValue.length(record));
    }

    private static String text(long address, int length) {
        return new String(Memory.bytes(address, length), StandardCharsets.ISO_8859_1);
    }

    /** Writes down what it is shown; every key may come once. */
    private static class Collector implements SnapshotSink {
        private final Map<String, String> shown;
        private int database;

        Collector(Map<String, String> shown) {
            this.shown = shown;
        }

        @Override
        public void database(int index, long keys, long expiringKeys) {
            database = index;
        }

        @Override
        public void record(long record) {
            assertThat(shown.put(name(database, record), value(record))).isNull();
        }

        @Override
        public void sliceEnded() {}
    }
}
