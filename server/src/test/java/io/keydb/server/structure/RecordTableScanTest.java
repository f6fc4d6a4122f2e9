package io.keydb.server.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** scan, walk and random keep their promises while the table changes between the calls. */
class RecordTableScanTest {

    private static final int MOST_CALLS = 2_000_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void scanShowsAllThatStaysDuringTheScan(long seed) {
        Random random = new Random(seed);
        try (TestRecords records = new TestRecords(false)) {
            int kept = 1 + random.nextInt(5_000);
            Set<String> expected = new HashSet<>();
            for (int i = 0; i < kept; i++) {
                records.put("kept:" + i, i);
                expected.add("kept:" + i);
            }
            int volatileKeys = 1 + random.nextInt(40_000);
            for (int i = 0; i < volatileKeys; i += 2) {
                records.put("volatile:" + i, i);
            }
            int changesPerCall = random.nextInt(50);
            int insertsOfTen = random.nextInt(11);
            Set<String> shown = new HashSet<>();
            long cursor = 0;
            int calls = 0;
            do {
                int count = 1 + random.nextInt(30);
                cursor =
                        RecordTable.scan(
                                records.table, cursor, count, r -> shown.add(TestRecords.key(r)));
                assertThat(cursor).as("seed %d", seed).isBetween(0L, 1L << 47);
                for (int i = 0; i < changesPerCall; i++) {
                    String key = "volatile:" + random.nextInt(volatileKeys);
                    if (random.nextInt(10) < insertsOfTen) {
                        records.put(key, i);
                    } else {
                        records.remove(key);
                    }
                }
                assertThat(++calls).as("seed %d ends", seed).isLessThan(MOST_CALLS);
            } while (cursor != 0);
            assertThat(shown.containsAll(expected)).as("seed %d", seed).isTrue();
            RecordTable.checkInvariants(records.table);
        }
    }

    @Test
    void scanOfAnUnchangedTableShowsEachOnceInPortions() {
        try (TestRecords records = new TestRecords(false)) {
            for (int i = 0; i < 50_000; i++) {
                records.put("key:" + i, i);
            }
            Map<String, Integer> shown = new HashMap<>();
            long cursor = 0;
            int calls = 0;
            do {
                int before = shown.size();
                cursor =
                        RecordTable.scan(
                                records.table,
                                cursor,
                                10,
                                r -> shown.merge(TestRecords.key(r), 1, Integer::sum));
                assertThat(shown.size() - before).isLessThanOrEqualTo(20);
                calls++;
            } while (cursor != 0);
            assertThat(shown).hasSize(50_000);
            assertThat(shown.values()).containsOnly(1);
            assertThat(calls).isLessThanOrEqualTo(5_001);
        }
    }

    @Test
    void scanStartedInATinyTableShowsAllAfterItGrewAThousandfold() {
        try (TestRecords records = new TestRecords(false)) {
            Set<String> expected = new HashSet<>();
            for (int i = 0; i < 300; i++) {
                records.put("kept:" + i, i);
                expected.add("kept:" + i);
            }
            Set<String> shown = new HashSet<>();
            long cursor =
                    RecordTable.scan(records.table, 0, 10, r -> shown.add(TestRecords.key(r)));
            for (int i = 0; i < 300_000; i++) {
                records.put("later:" + i, i);
            }
            while (cursor != 0) {
                cursor =
                        RecordTable.scan(
                                records.table, cursor, 10, r -> shown.add(TestRecords.key(r)));
            }
            assertThat(shown.containsAll(expected)).isTrue();
        }
    }

    @Test
    void scanGoesOnAfterTheTableWasEmptiedAndFilledAgain() {
        try (TestRecords records = new TestRecords(false)) {
            for (int i = 0; i < 20_000; i++) {
                records.put("old:" + i, i);
            }
            long cursor = RecordTable.scan(records.table, 0, 5_000, r -> {});
            for (int i = 0; i < 20_000; i++) {
                records.remove("old:" + i);
            }
            for (int i = 0; i < 1_000; i++) {
                records.put("new:" + i, i);
            }
            int calls = 0;
            while (cursor != 0) {
                cursor = RecordTable.scan(records.table, cursor, 10, r -> {});
                assertThat(++calls).isLessThan(1_000);
            }
        }
    }

    @Test
    void anyCursorIsAnsweredAndLeadsToTheEnd() {
        long seed = 5;
        Random random = new Random(seed);
        try (TestRecords records = new TestRecords(false)) {
            for (int i = 0; i < 3_000; i++) {
                records.put("key:" + i, i);
            }
            for (int i = 0; i < 2_000; i++) {
                long cursor = random.nextLong() >>> random.nextInt(64);
                int calls = 0;
                do {
                    cursor = RecordTable.scan(records.table, cursor, 100, r -> {});
                    assertThat(++calls).as("seed %d", seed).isLessThan(100);
                } while (cursor != 0);
            }
        }
    }

    @Test
    void emptyTableHasNothingToShow() {
        try (TestRecords records = new TestRecords(false)) {
            assertThat(RecordTable.scan(records.table, 0, 10, r -> {})).isZero();
            assertThat(RecordTable.scan(records.table, 123_456_789, 10, r -> {})).isZero();
            assertThat(RecordTable.walk(records.table, 0, r -> {})).isZero();
            assertThat(RecordTable.random(records.table, new Random(1))).isZero();
            assertThat(RecordTable.bytes(records.table)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void walkShowsExactlyTheRecordsBelowItsCursorWhateverChanges(long seed) {
        Random random = new Random(seed);
        try (TestRecords records = new TestRecords(false)) {
            int keys = 1 + random.nextInt(30_000);
            Set<String> present = new HashSet<>();
            for (int i = 0; i < keys / 2; i++) {
                String key = "key:" + random.nextInt(keys);
                records.put(key, i);
                present.add(key);
            }
            int changes = random.nextInt(600);
            Set<String> shown = new HashSet<>();
            long cursor = 0;
            do {
                long from = cursor;
                Set<String> portion = new HashSet<>();
                cursor =
                        RecordTable.walk(
                                records.table,
                                from,
                                r -> {
                                    String key = TestRecords.key(r);
                                    assertThat(portion.add(key)).as("once: %s", key).isTrue();
                                    shown.add(key);
                                });
                long to = cursor;
                Set<String> expected = new HashSet<>(present);
                expected.removeIf(key -> !isBetween(key, from, to));
                assertThat(portion).as("seed %d", seed).isEqualTo(expected);
                for (int i = 0; i < changes; i++) {
                    String key = "key:" + random.nextInt(keys);
                    if (random.nextInt(10) < 6) {
                        records.put(key, i);
                        present.add(key);
                    } else {
                        records.remove(key);
                        present.remove(key);
                    }
                }
            } while (cursor != 0);
        }
    }

    @Test
    void walkSkipsWhatIsBelowItsCursorInATableFilledAgain() {
        try (TestRecords records = new TestRecords(false)) {
            Set<String> expected = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                records.put("key:" + i, i);
                if (isBetween("key:" + i, 1L << 63, 0)) {
                    expected.add("key:" + i);
                }
            }
            Set<String> shown = new HashSet<>();
            assertThat(
                            RecordTable.walk(
                                    records.table, 1L << 63, r -> shown.add(TestRecords.key(r))))
                    .isZero();
            assertThat(shown).isEqualTo(expected);
        }
    }

    /** Whether the key's hash is in [from, to), where a {@code to} of 0 is the end. */
    private static boolean isBetween(String key, long from, long to) {
        long hash = Hashing.hash(key.getBytes(StandardCharsets.UTF_8));
        return Long.compareUnsigned(hash, from) >= 0
                && (to == 0 || Long.compareUnsigned(hash, to) < 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 300, 2_000})
    void randomRecordsAreAboutEquallyLikely(int keys) {
        Random random = new Random(9);
        try (TestRecords records = new TestRecords(false)) {
            for (int i = 0; i < keys; i++) {
                records.put("key:" + i, i);
            }
            int[] drawn = new int[keys];
            int draws = keys * 400;
            for (int i = 0; i < draws; i++) {
                drawn[(int) Record.number(RecordTable.random(records.table, random))]++;
            }
            // 400 expected for each, standard deviation 20.
            for (int count : drawn) {
                assertThat(count).isBetween(280, 520);
            }
        }
    }

    @Test
    void randomFindsTheLastRecordsOfATableThatWasLarge() {
        Random random = new Random(10);
        try (TestRecords records = new TestRecords(false)) {
            for (int i = 0; i < 100_000; i++) {
                records.put("key:" + i, i);
            }
            for (int i = 3; i < 100_000; i++) {
                records.remove("key:" + i);
            }
            Set<Long> drawn = new HashSet<>();
            for (int i = 0; i < 200; i++) {
                drawn.add(Record.number(RecordTable.random(records.table, random)));
            }
            assertThat(drawn).containsExactlyInAnyOrder(0L, 1L, 2L);
        }
    }
}
