package io.keydb.server.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A scan over partitions shows every key that is there all the time, whatever comes and goes
 * meanwhile; and the memory of removed keys comes back.
 */
class KeyspaceScanTest {
    @ParameterizedTest
    @CsvSource({"1, 1, 7", "2, 64, 7", "3, 64, 1", "4, 8, 500"})
    void whatStaysIsShownWhileOthersComeAndGo(long seed, int partitions, int count) {
        Random random = new Random(seed);
        try (TestKeyspace server = new TestKeyspace(1, partitions, false)) {
            for (int i = 0; i < 1000; i++) {
                server.set(0, "stays:" + i, "v", -1);
            }
            for (int round = 0; round < 3; round++) {
                Set<String> shown = new HashSet<>();
                long cursor = 0;
                do {
                    cursor =
                            server.keyspace
                                    .traversal()
                                    .scan(
                                            0,
                                            cursor,
                                            count,
                                            record -> shown.add(TestKeyspace.name(record)));
                    for (int i = 0; i < 20; i++) {
                        String name = "passing:" + random.nextInt(2000);
                        if (round == 1 ? random.nextInt(4) > 0 : random.nextInt(4) == 0) {
                            server.delete(0, name);
                        } else {
                            server.set(0, name, "v", -1);
                        }
                    }
                } while (cursor != 0);
                for (int i = 0; i < 1000; i++) {
                    assertThat(shown).as("seed %d", seed).contains("stays:" + i);
                }
            }
        }
    }

    @Test
    void aQuietScanShowsEveryKeyOnce() {
        try (TestKeyspace server = new TestKeyspace(1, 64, false)) {
            Map<String, Integer> shown = new HashMap<>();
            for (int i = 0; i < 5000; i++) {
                server.set(0, "key:" + i, "v", -1);
            }
            long cursor = 0;
            do {
                cursor =
                        server.keyspace
                                .traversal()
                                .scan(
                                        0,
                                        cursor,
                                        10,
                                        record ->
                                                shown.merge(
                                                        TestKeyspace.name(record),
                                                        1,
                                                        Integer::sum));
            } while (cursor != 0);
            assertThat(shown).hasSize(5000);
            assertThat(shown.values()).containsOnly(1);
        }
    }

    @Test
    void anyNumberIsACursor() {
        try (TestKeyspace server = new TestKeyspace(1, 8, false)) {
            for (int i = 0; i < 300; i++) {
                server.set(0, "key:" + i, "v", -1);
            }
            Random random = new Random(1);
            for (int i = 0; i < 20_000; i++) {
                long cursor = random.nextLong() >>> random.nextInt(64);
                server.keyspace.traversal().scan(0, cursor, 10, record -> {});
            }
        }
    }

    @Test
    void theMemoryOfRemovedKeysComesBack() {
        try (TestKeyspace server = new TestKeyspace(1, 64, false)) {
            long empty = server.keyspace.pages().usedBytes();
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 20_000; i++) {
                    server.set(0, "key:" + i, "x".repeat(i % 300), -1);
                }
                assertThat(server.keyspace.allocatedBytes()).isGreaterThan(20_000L * 150);
                for (int i = 0; i < 20_000; i++) {
                    server.delete(0, "key:" + i);
                }
                assertThat(server.keyspace.allocatedBytes()).isZero();
                // Each allocator may owe the account less than a kilobyte.
                assertThat(server.keyspace.pages().usedBytes() - empty).isLessThan(64 * 1024);
            }
        }
    }

    @Test
    void randomKeysAreSpreadOverAllPartitions() {
        try (TestKeyspace server = new TestKeyspace(1, 16, false)) {
            Map<String, Integer> drawn = new HashMap<>();
            for (int i = 0; i < 50; i++) {
                server.set(0, "key:" + i, "v", -1);
            }
            Random random = new Random(5);
            for (int i = 0; i < 50 * 200; i++) {
                drawn.merge(
                        drawn(server.keyspace.traversal().randomKey(0, random)), 1, Integer::sum);
            }
            assertThat(drawn).hasSize(50);
            assertThat(drawn.values()).allMatch(times -> times > 60 && times < 600);
        }
    }

    private static String drawn(byte @Nullable [] key) {
        assertThat(key).isNotNull();
        return key == null ? "" : new String(key, StandardCharsets.UTF_8);
    }
}
