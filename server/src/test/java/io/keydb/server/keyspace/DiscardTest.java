package io.keydb.server.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is thrown away is gone at once, and its memory comes back slice by slice. */
class DiscardTest {
    private static final int KEYS = 20_000;

    @Test
    void anEmptiedDatabaseIsFreedInSlices() {
        try (TestKeyspace test = new TestKeyspace(2, 4, false)) {
            AtomicInteger calls = new AtomicInteger();
            test.keyspace.onDiscard(calls::incrementAndGet);
            fill(test, 0, KEYS);
            fill(test, 1, 10);
            long before = test.keyspace.allocatedBytes();
            test.withAllLocks(() -> assertThat(test.keyspace.clear(0)).isEqualTo(KEYS));
            assertThat(test.keyspace.database(0).size()).isZero();
            assertThat(test.keyspace.database(0).expiringSize()).isZero();
            assertThat(test.get(0, "key:7")).isNull();
            assertThat(calls).as("each partition asks once").hasValue(4);
            assertThat(test.keyspace.discardedValues()).isEqualTo(4);
            test.set(0, "key:7", "anew", -1);
            test.keyspace.partition(0).lock();
            assertThat(test.keyspace.partition(0).reclaim(1000)).as("a slice").isNotPositive();
            test.keyspace.partition(0).unlock();
            long afterSlice = test.keyspace.allocatedBytes();
            assertThat(afterSlice).isLessThan(before);
            test.keyspace.reclaim();
            assertThat(test.keyspace.discardedValues()).isZero();
            assertThat(test.keyspace.allocatedBytes()).isLessThan(afterSlice / 10);
            assertThat(test.get(0, "key:7")).isEqualTo("anew");
            assertThat(test.stored(1)).hasSize(10);
        }
    }

    @Test
    void fewKeysAreFreedAtOnce() {
        try (TestKeyspace test = new TestKeyspace(1, 1, false)) {
            test.keyspace.onDiscard(
                    () -> {
                        throw new AssertionError("nothing is left to free");
                    });
            fill(test, 0, 100);
            test.withAllLocks(() -> test.keyspace.clear(0));
            assertThat(test.keyspace.allocatedBytes()).isZero();
        }
    }

    private static void fill(TestKeyspace test, int database, int keys) {
        for (int i = 0; i < keys; i++) {
            test.set(database, "key:" + i, "value of " + i, i % 3 == 0 ? 2_000_000_000_000L : -1);
        }
    }
}
