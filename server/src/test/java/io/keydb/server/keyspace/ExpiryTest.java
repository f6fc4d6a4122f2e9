package io.keydb.server.keyspace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.structure.Record;
import io.keydb.server.support.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Keys go when their time has come: on a primary by whoever meets them first, on a replica only by
 * its primary's word, on an active node with a tombstone; and never halfway through a unit.
 */
class ExpiryTest {
    private static final int MANY = 3000;

    @Test
    void aKeyLivesUpToItsLastMillisecond() {
        try (TestKeyspace server = new TestKeyspace(1, 4, false)) {
            server.set(0, "k", "v", server.clock.millis() + 10);
            server.clock.advanceMillis(10);
            assertThat(server.get(0, "k")).isEqualTo("v");
            server.clock.advanceMillis(1);
            assertThat(server.get(0, "k")).isNull();
            assertThat(server.keyspace.database(0).size()).isZero();
        }
    }

    @Test
    void nothingExpiresWhileTheLockIsHeld() {
        try (TestKeyspace server = new TestKeyspace(1, 4, false)) {
            server.set(0, "k", "v", server.clock.millis() + 10);
            server.on(
                    0,
                    "k",
                    (database, key) -> {
                        server.clock.advanceMillis(100);
                        assertThat(database.find(key)).isNotZero();
                        Partition partition = server.keyspace.partitionOf(key);
                        partition.lock();
                        try {
                            assertThat(database.find(key)).as("taken once more").isNotZero();
                        } finally {
                            partition.unlock();
                        }
                        return null;
                    });
            assertThat(server.get(0, "k")).isNull();
        }
    }

    @Test
    void aReplicaHidesAnExpiredKeyFromItsClientsButNotFromItsPrimary() {
        try (TestKeyspace server = new TestKeyspace(1, 4, false)) {
            server.keyspace.expiryMode(ExpiryMode.HIDE);
            server.set(0, "k", "v", server.clock.millis() + 10);
            server.clock.advanceMillis(11);
            assertThat(server.get(0, "k")).isNull();
            assertThat(server.keyspace.database(0).size()).isEqualTo(1);
            new ActiveExpiry(server.keyspace).cycle(1_000_000_000);
            assertThat(server.keyspace.database(0).size()).isEqualTo(1);
            try (KeptKey kept = new KeptKey(server.keyspace.pages())) {
                Key key = kept.keep(new byte[] {'k'});
                long partitions = server.keyspace.partitionBit(key);
                server.keyspace.lock(partitions, Partition.BEFORE_ANY_EXPIRY);
                assertThat(server.keyspace.database(0).find(key)).isNotZero();
                assertThat(server.keyspace.database(0).delete(key)).isTrue();
                server.keyspace.unlock(partitions);
            }
            assertThat(server.keyspace.database(0).size()).isZero();
        }
    }

    @Test
    void aHiddenKeyThatIsSetAnewIsThereOnce() {
        try (TestKeyspace server = new TestKeyspace(1, 1, false)) {
            server.keyspace.expiryMode(ExpiryMode.HIDE);
            server.set(0, "k", "old", server.clock.millis() + 10);
            server.clock.advanceMillis(11);
            server.set(0, "k", "new", -1);
            assertThat(server.keyspace.database(0).size()).isEqualTo(1);
            assertThat(server.keyspace.database(0).expiringSize()).isZero();
            assertThat(server.get(0, "k")).isEqualTo("new");
            assertThat(server.delete(0, "k")).isTrue();
            assertThat(server.get(0, "k")).isNull();
        }
    }

    @Test
    void anActiveNodeBuriesAnExpiredKeyUnderItsStamp() {
        try (TestKeyspace server = new TestKeyspace(1, 4, true)) {
            server.set(0, "k", "v", server.clock.millis() + 10);
            server.on(
                    0,
                    "k",
                    (database, key) -> {
                        database.stamp(key, 42, 3);
                        return null;
                    });
            server.clock.advanceMillis(11);
            assertThat(server.get(0, "k")).isNull();
            server.on(
                    0,
                    "k",
                    (database, key) -> {
                        long tombstone = database.tombstone(key);
                        assertThat(Record.stamp(tombstone)).isEqualTo(42);
                        assertThat(Record.origin(tombstone)).isEqualTo(3);
                        return null;
                    });
            assertThat(server.keyspace.database(0).tombstoneCount()).isEqualTo(1);
        }
    }

    @Test
    void aCycleRemovesAllThatHasExpiredAndTellsOfEach() {
        try (TestKeyspace server = new TestKeyspace(2, 64, false)) {
            List<String> told = new ArrayList<>();
            server.keyspace
                    .removals()
                    .expiryListener(
                            (database, key) ->
                                    told.add(
                                            database.index()
                                                    + ":"
                                                    + new String(key.bytes(), UTF_8)));
            for (int i = 0; i < MANY; i++) {
                long expiry = i % 3 == 0 ? -1 : server.clock.millis() + (i % 3 == 1 ? 10 : 1000);
                server.set(i % 2, "key:" + i, "v" + i, expiry);
            }
            server.clock.advanceMillis(11);
            ActiveExpiry expiry = new ActiveExpiry(server.keyspace);
            expiry.cycle(1_000_000_000);
            assertThat(expiry.removed()).isEqualTo(MANY / 3);
            assertThat(told).hasSize(MANY / 3).doesNotHaveDuplicates().contains("1:key:1");
            assertThat(server.keyspace.database(0).size() + server.keyspace.database(1).size())
                    .isEqualTo(MANY - MANY / 3);
            assertThat(server.get(1, "key:5")).isEqualTo("v5");
        }
    }

    @Test
    void cyclesOfAShortBudgetGetThroughTogether() {
        AtomicLong nanos = new AtomicLong(1_700_000_000_000_000_000L);
        Clock ticking =
                new Clock() {
                    @Override
                    public long millis() {
                        return nanos.get() / 1_000_000;
                    }

                    @Override
                    public long nanos() {
                        return nanos.addAndGet(1000);
                    }
                };
        try (TestKeyspace server = new TestKeyspace(1, 2, ticking)) {
            for (int i = 0; i < MANY; i++) {
                server.set(0, "key:" + i, "v", ticking.millis() + 10);
            }
            nanos.addAndGet(11_000_000);
            ActiveExpiry expiry = new ActiveExpiry(server.keyspace);
            expiry.cycle(1);
            long first = expiry.removed();
            assertThat(first).isPositive().isLessThan(MANY);
            for (int i = 0; i < 100; i++) {
                expiry.cycle(1);
            }
            assertThat(expiry.removed()).isEqualTo(MANY);
        }
    }

    @Test
    void aCycleThatIsSwitchedOffRemovesNothing() {
        try (TestKeyspace server = new TestKeyspace(1, 4, false)) {
            server.set(0, "k", "v", server.clock.millis() + 10);
            server.clock.advanceMillis(11);
            ActiveExpiry expiry = new ActiveExpiry(server.keyspace);
            expiry.enabled(false);
            expiry.cycle(1_000_000_000);
            assertThat(server.keyspace.database(0).size()).isEqualTo(1);
            expiry.enabled(true);
            expiry.cycle(1_000_000_000);
            assertThat(server.keyspace.database(0).size()).isZero();
        }
    }

    @Test
    void aRandomKeyIsNeverAnExpiredOneUnlessAReplicaHasNoOther() {
        try (TestKeyspace server = new TestKeyspace(1, 8, false)) {
            for (int i = 0; i < 200; i++) {
                server.set(0, "gone:" + i, "v", server.clock.millis() + 10);
            }
            server.clock.advanceMillis(11);
            server.keyspace.expiryMode(ExpiryMode.HIDE);
            assertThat(server.keyspace.traversal().randomKey(0, new Random(1))).isNotNull();
            assertThat(server.keyspace.database(0).size()).isEqualTo(200);
            server.keyspace.expiryMode(ExpiryMode.REMOVE);
            assertThat(server.keyspace.traversal().randomKey(0, new Random(1))).isNull();
            assertThat(server.keyspace.database(0).size()).isZero();
            server.set(0, "there", "v", -1);
            assertThat(server.keyspace.traversal().randomKey(0, new Random(1)))
                    .isEqualTo("there".getBytes(UTF_8));
        }
    }
}
