package io.keydb.server.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The table holds what a {@link HashMap} holds after the same operations, and its invariants hold
 * after each.
 */
class RecordTableModelTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void equalsAHashMapUnderRandomOperations(long seed) {
        run(seed, 20_000, 40, 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void equalsAHashMapWhileGrowingOverManySplits(long seed) {
        run(seed, 150_000, 20_000, 5_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 500, 5_000, 60_000})
    void drainsInSlices(int keys) {
        Random random = new Random(keys);
        try (TestRecords records = new TestRecords(true)) {
            for (int i = 0; i < keys; i++) {
                records.put("key:" + i, i);
            }
            Set<Long> shown = new HashSet<>();
            long left;
            do {
                int before = shown.size();
                int limit = 1 + random.nextInt(600);
                left =
                        RecordTable.drain(
                                records.allocator,
                                records.table,
                                limit,
                                record -> {
                                    shown.add(Record.number(record));
                                    records.free(record);
                                });
                assertThat(shown.size() - before).isBetween(1, limit + 450);
                assertThat(RecordTable.size(records.table)).isEqualTo(keys - shown.size());
                assertThat(left > 0).isEqualTo(shown.size() == keys);
            } while (left <= 0);
            RecordTable.checkInvariants(records.table);
            assertThat(RecordTable.bytes(records.table)).isZero();
            assertThat(records.allocatedBytes()).isZero();
            // It is a table like any other again.
            records.put("key", 1);
            RecordTable.checkInvariants(records.table);
        }
    }

    @Test
    void smallTablesAreOneSegment() {
        try (TestRecords records = new TestRecords(false)) {
            for (int i = 0; i < 7; i++) {
                records.put("key:" + i, i);
                assertThat(RecordTable.bytes(records.table)).isEqualTo(72);
            }
        }
    }

    private static void run(long seed, int operations, int keys, int checkEvery) {
        Random random = new Random(seed);
        Map<String, Long> model = new HashMap<>();
        try (TestRecords records = new TestRecords(true)) {
            for (int i = 0; i < operations; i++) {
                // Phases of growth and of decay, so that segments shrink and the table becomes
                // empty again.
                boolean growing = i / (operations / 6) % 2 == 0;
                String key = "key:" + random.nextInt(keys);
                int choice = random.nextInt(10);
                if (choice < (growing ? 7 : 1)) {
                    records.put(key, i);
                    model.put(key, (long) i);
                } else if (choice < 9) {
                    assertThat(records.remove(key)).isEqualTo(model.remove(key) != null);
                } else if (model.containsKey(key)) {
                    records.move(key);
                }
                assertSame(seed, i, key, model, records);
                if (i % checkEvery == 0) {
                    RecordTable.checkInvariants(records.table);
                }
            }
            RecordTable.checkInvariants(records.table);
            Set<String> found = new HashSet<>();
            long cursor = 0;
            do {
                cursor =
                        RecordTable.walk(
                                records.table,
                                cursor,
                                record -> found.add(TestRecords.key(record)));
            } while (cursor != 0);
            assertThat(found).as("seed %d", seed).isEqualTo(model.keySet());
        }
    }

    private static void assertSame(
            long seed, int step, String key, Map<String, Long> model, TestRecords records) {
        long record = records.find(key);
        Long expected = model.get(key);
        boolean same =
                expected == null ? record == 0 : record != 0 && Record.number(record) == expected;
        assertThat(same && RecordTable.size(records.table) == model.size())
                .as("seed %d, step %d, key %s", seed, step, key)
                .isTrue();
    }
}
