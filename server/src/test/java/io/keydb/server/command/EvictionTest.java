package io.keydb.server.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.client.Trait;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directive;
import io.keydb.server.config.Directives;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.KeyspaceDirectives;
import io.keydb.server.keyspace.LazyFreeing;
import io.keydb.server.keyspace.MemoryPolicy;
import io.keydb.server.keyspace.eviction.Eviction;
import io.keydb.server.keyspace.eviction.EvictionDirectives;
import io.keydb.server.memory.MemoryUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys go when there is no more memory: which, in which order, and who hears of it. */
class EvictionTest {
    private static final String OUT_OF_MEMORY =
            "-OOM command not allowed when used memory > 'maxmemory'.";
    private static final int ROOM = 100_000;

    /** A server with a limit. */
    private static final class Limited implements AutoCloseable {
        final CommandTester server;
        final Configuration configuration =
                new Configuration(
                        Directives.of(
                                KeyspaceDirectives.ALL, EvictionDirectives.ALL, LazyFreeing.ALL));
        final MemoryUse use;
        final Eviction eviction;
        final List<String> events = new ArrayList<>();

        Limited(boolean active, MemoryPolicy policy) {
            this(active, 8, policy);
        }

        Limited(boolean active, int partitions, MemoryPolicy policy) {
            server = new CommandTester(active, partitions, Gatekeeper.open());
            use = new MemoryUse(server.keyspace().pages());
            eviction = new Eviction(server.keyspace(), use, configuration, Runnable::run);
            server.keyspace().lazyFreeing().follow(configuration);
            server.dispatcher()
                    .memoryLimit((bytes, patiently) -> eviction.makeRoomPatiently(bytes));
            server.keyspace()
                    .events()
                    .listen(
                            Set.of(EventClass.EVICTED),
                            (event, database, key) ->
                                    events.add(event + " " + new String(key.bytes(), US_ASCII)));
            set(KeyspaceDirectives.MAXMEMORY_POLICY, policy.name().replace('_', '-'));
        }

        void set(Directive<?> directive, Object value) {
            try {
                configuration.change(
                        List.of(new Configuration.Assignment(directive.name(), value.toString())));
            } catch (Exception refused) {
                throw new AssertionError(refused);
            }
        }

        /** From now on so many bytes more may be used. */
        void limit(long more) {
            set(KeyspaceDirectives.MAXMEMORY, use.used() + more);
        }

        String run(String... arguments) {
            return server.run(arguments);
        }

        long above() {
            return use.above(configuration.value(KeyspaceDirectives.MAXMEMORY));
        }

        @Override
        public void close() {
            server.close();
        }
    }

    @Test
    void theWatchOfLatencyHearsHowLongEvictionTakes() {
        try (Limited limited = new Limited(false, MemoryPolicy.ALLKEYS_RANDOM)) {
            Set<String> heard = new TreeSet<>();
            limited.eviction.latency((event, nanos) -> heard.add(event));
            limited.limit(ROOM);
            for (int i = 0; i < 2_000; i++) {
                limited.run("SET", "key:" + i, "x".repeat(100));
            }
            assertThat(heard).containsExactly("eviction-cycle", "eviction-del");
        }
    }

    @ParameterizedTest
    @EnumSource(MemoryPolicy.class)
    void theLimitHoldsUnderEachPolicy(MemoryPolicy policy) {
        try (Limited limited = new Limited(false, policy)) {
            limited.limit(ROOM);
            int refused = 0;
            for (int i = 0; i < 10_000; i++) {
                String reply =
                        limited.run("SET", "key:" + i, "value of " + i, "EX", "" + (1000 + i));
                refused += reply.equals(OUT_OF_MEMORY) ? 1 : 0;
                assertThat(limited.above()).isLessThan(2000);
            }
            long keys = limited.server.keyspace().database(0).size();
            assertThat(keys).isBetween(500L, 5000L);
            assertThat(refused > 0).isEqualTo(policy == MemoryPolicy.NOEVICTION);
            long evicted = limited.eviction.evictedKeys().sum();
            assertThat(evicted + refused + keys).isEqualTo(10_000);
            assertThat(limited.events).hasSize((int) evicted);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = MemoryPolicy.class,
            names = {"VOLATILE_.*"},
            mode = EnumSource.Mode.MATCH_ALL)
    void keysWithoutExpiryStay(MemoryPolicy policy) {
        try (Limited limited = new Limited(false, policy)) {
            for (int i = 0; i < 300; i++) {
                limited.run("SELECT", "" + i % 3);
                limited.run("SET", "for:ever:" + i, "value");
                limited.run("SET", "for:now:" + i, "value", "EX", "1000");
            }
            limited.limit(2000);
            int stored = 0;
            while (limited.run("SET", "more:" + stored, "value").equals("+OK")) {
                stored++;
            }
            assertThat(stored).isBetween(100, 600);
            assertThat(limited.eviction.evictedKeys().sum()).isEqualTo(300);
            for (int i = 0; i < 300; i++) {
                limited.run("SELECT", "" + i % 3);
                assertThat(limited.run("EXISTS", "for:ever:" + i)).isEqualTo(":1");
            }
        }
    }

    @Test
    void whoWasNotAccessedForLongestGoesFirst() {
        try (Limited limited = new Limited(false, 1, MemoryPolicy.ALLKEYS_LRU)) {
            limited.set(EvictionDirectives.MAXMEMORY_SAMPLES, 1000);
            for (int i = 0; i < 1000; i++) {
                limited.run("SET", "key:" + i, "value");
            }
            pass(limited, 10_000);
            for (int i = 0; i < 1000; i += 2) {
                limited.run("GET", "key:" + i);
            }
            pass(limited, 10_000);
            limited.limit(-3000);
            limited.run("SET", "key:0", "value");
            // memory comes back in whole pages, so that more may have to go than those
            assertThat(limited.events).hasSizeGreaterThan(400);
            assertThat(limited.events.subList(0, 400)).allMatch(EvictionTest::isOdd);
        }
    }

    @Test
    void whoIsAccessedLeastOftenGoesFirst() {
        try (Limited limited = new Limited(false, 1, MemoryPolicy.ALLKEYS_LFU)) {
            limited.set(EvictionDirectives.MAXMEMORY_SAMPLES, 1000);
            limited.set(EvictionDirectives.LFU_LOG_FACTOR, 0);
            for (int i = 0; i < 1000; i++) {
                limited.run("SET", "key:" + i, "value");
                if (i % 2 == 0) {
                    limited.run("GET", "key:" + i);
                    assertThat(limited.run("OBJECT", "FREQ", "key:" + i)).isEqualTo(":6");
                }
            }
            limited.limit(-3000);
            limited.run("SET", "key:0", "value");
            // memory comes back in whole pages, so that more may have to go than those
            assertThat(limited.events).hasSizeGreaterThan(400);
            assertThat(limited.events.subList(0, 400)).allMatch(EvictionTest::isOdd);
        }
    }

    @Test
    void whoExpiresNextGoesFirst() {
        try (Limited limited = new Limited(false, 1, MemoryPolicy.VOLATILE_TTL)) {
            limited.set(EvictionDirectives.MAXMEMORY_SAMPLES, 1000);
            for (int i = 0; i < 1000; i++) {
                limited.run("SET", "key:" + i, "value", "EX", "" + (i % 2 == 0 ? 2000 : 1000));
            }
            limited.limit(-3000);
            limited.run("SET", "key:0", "value");
            // memory comes back in whole pages, so that more may have to go than those
            assertThat(limited.events).hasSizeGreaterThan(400);
            assertThat(limited.events.subList(0, 400)).allMatch(EvictionTest::isOdd);
        }
    }

    private static boolean isOdd(String event) {
        return (event.charAt(event.length() - 1) - '0') % 2 == 1;
    }

    private static void pass(Limited limited, long millis) {
        limited.server.clock().advanceMillis(millis);
        limited.server.keyspace().tick();
    }

    @Test
    void anEvictionIsToldAsADeletion() {
        try (Limited limited = new Limited(false, MemoryPolicy.ALLKEYS_RANDOM)) {
            limited.run("SELECT", "3");
            limited.run("SET", "one", "value");
            limited.server.takeEffects();
            limited.set(KeyspaceDirectives.MAXMEMORY, 1);
            limited.eviction.watch();
            assertThat(limited.server.takeEffects()).containsExactly("3: DEL one");
            assertThat(limited.run("SET", "one", "value")).isEqualTo(OUT_OF_MEMORY);
            limited.set(KeyspaceDirectives.MAXMEMORY, 0);
            limited.set(LazyFreeing.EVICTION, "yes");
            limited.run("SET", "two", "value");
            limited.server.takeEffects();
            limited.set(KeyspaceDirectives.MAXMEMORY, 1);
            assertThat(limited.server.takeEffects()).containsExactly("3: UNLINK two");
            assertThat(limited.events).containsExactly("evicted one", "evicted two");
        }
    }

    @Test
    void onAnActiveNodeAnEvictionLeavesATombstone() {
        try (Limited limited = new Limited(true, MemoryPolicy.ALLKEYS_RANDOM)) {
            limited.run("SET", "one", "value");
            limited.server.takeEffects();
            limited.set(KeyspaceDirectives.MAXMEMORY, 1);
            assertThat(limited.server.takeEffects()).containsExactly("0: DEL one");
            assertThat(limited.server.keyspace().database(0).tombstoneCount()).isEqualTo(1);
        }
    }

    @Test
    void aWatchedKeyThatIsEvictedFailsTheTransaction() {
        try (Limited limited = new Limited(false, MemoryPolicy.ALLKEYS_RANDOM)) {
            limited.run("SET", "one", "value");
            limited.run("WATCH", "one");
            limited.run("MULTI");
            limited.run("GET", "one");
            limited.set(KeyspaceDirectives.MAXMEMORY, 1);
            assertThat(limited.run("EXEC")).isEqualTo("*-1");
        }
    }

    @Test
    void aKeyWhoseTimeHasComeExpiresRatherThanBeingEvicted() {
        try (Limited limited = new Limited(false, MemoryPolicy.ALLKEYS_RANDOM)) {
            limited.run("SET", "one", "value", "EX", "10");
            pass(limited, 20_000);
            limited.set(KeyspaceDirectives.MAXMEMORY, 1);
            assertThat(limited.events).isEmpty();
            assertThat(limited.server.dispatcher().statistics().expiredKeys().sum()).isEqualTo(1);
        }
    }

    @Test
    void whatIsLargerThanTheLimitIsRefused() {
        try (Limited limited = new Limited(false, MemoryPolicy.ALLKEYS_LRU)) {
            limited.limit(ROOM);
            String huge = "x".repeat(50_000_000);
            assertThat(limited.run("SET", "two", huge)).isEqualTo(OUT_OF_MEMORY);
        }
    }

    @Test
    void aBigValueIsFreedBeforeOthersAreEvicted() {
        try (Limited limited = new Limited(false, 1, MemoryPolicy.VOLATILE_TTL)) {
            limited.set(EvictionDirectives.MAXMEMORY_SAMPLES, 1000);
            for (int i = 0; i < 20_000; i++) {
                limited.run("SADD", "big", "member:" + i);
            }
            limited.run("EXPIRE", "big", "100");
            for (int i = 0; i < 100; i++) {
                limited.run("SET", "key:" + i, "value", "EX", "1000");
            }
            limited.limit(-100_000);
            limited.eviction.watch();
            assertThat(limited.above()).isNotPositive();
            assertThat(limited.events).first().isEqualTo("evicted big");
            assertThat(limited.run("EXISTS", "key:7")).isEqualTo(":1");
        }
    }

    @Test
    void theLimitIsNotKeptWhereItDoesNotApply() {
        try (Limited limited = new Limited(false, MemoryPolicy.ALLKEYS_LRU)) {
            limited.eviction.allowedWhen(() -> false);
            limited.set(KeyspaceDirectives.MAXMEMORY, 1);
            assertThat(limited.run("SET", "one", "value")).isEqualTo("+OK");
            limited.eviction.allowedWhen(() -> true);
            limited.eviction.watch();
            assertThat(limited.run("EXISTS", "one")).isEqualTo(":0");
        }
    }

    @Test
    void accessesAreToldAsThePolicyKeepsThem() {
        try (Limited limited = new Limited(false, MemoryPolicy.ALLKEYS_LRU)) {
            limited.run("SET", "one", "value");
            pass(limited, 7_000);
            assertThat(limited.run("OBJECT", "IDLETIME", "one")).isEqualTo(":7");
            assertThat(limited.run("OBJECT", "FREQ", "one")).startsWith("-ERR An LFU maxmemory");
            limited.set(KeyspaceDirectives.MAXMEMORY_POLICY, "volatile-lfu");
            limited.run("SET", "two", "value");
            assertThat(limited.run("OBJECT", "FREQ", "two")).isEqualTo(":5");
            assertThat(limited.run("OBJECT", "IDLETIME", "two"))
                    .startsWith("-ERR An LFU maxmemory policy is selected, idle time not tracked.");
            pass(limited, 180_000);
            assertThat(limited.run("OBJECT", "FREQ", "two")).isEqualTo(":2");
            limited.set(EvictionDirectives.LFU_DECAY_TIME, 0);
            assertThat(limited.run("OBJECT", "FREQ", "two")).isEqualTo(":5");
            assertThat(limited.run("OBJECT", "FREQ", "none")).isEqualTo("$-1");
        }
    }

    @Test
    void whatIsOverwrittenKeepsItsCount() {
        try (Limited limited = new Limited(false, MemoryPolicy.ALLKEYS_LFU)) {
            limited.set(EvictionDirectives.LFU_LOG_FACTOR, 0);
            limited.run("SET", "one", "value");
            limited.run("SET", "one", "a longer value");
            assertThat(limited.run("OBJECT", "FREQ", "one")).isEqualTo(":6");
            limited.run("GET", "one");
            limited.run("SET", "one", "an even longer value");
            assertThat(limited.run("OBJECT", "FREQ", "one")).isEqualTo(":8");
        }
    }

    @Test
    void whoTouchesNothingLeavesNoTraceButByTouch() {
        try (Limited limited = new Limited(false, MemoryPolicy.ALLKEYS_LRU)) {
            limited.run("SET", "one", "value");
            CommandTester.Session quiet = limited.server.session();
            quiet.client().set(Trait.TOUCHES_NOTHING, true);
            pass(limited, 7_000);
            quiet.run("GET", "one");
            quiet.run("MULTI");
            quiet.run("GET", "one");
            quiet.run("EXEC");
            assertThat(limited.run("OBJECT", "IDLETIME", "one")).isEqualTo(":7");
            quiet.run("TOUCH", "one");
            assertThat(limited.run("OBJECT", "IDLETIME", "one")).isEqualTo(":0");
            pass(limited, 7_000);
            limited.run("GET", "one");
            assertThat(limited.run("OBJECT", "IDLETIME", "one")).isEqualTo(":0");
        }
    }

    @Test
    void smallIntegersAreNotSharedWhereAccessesMatter() {
        try (Limited limited = new Limited(false, MemoryPolicy.ALLKEYS_LRU)) {
            limited.run("SET", "one", "1");
            assertThat(limited.run("OBJECT", "REFCOUNT", "one")).isEqualTo(":2147483647");
            limited.limit(ROOM);
            assertThat(limited.run("OBJECT", "REFCOUNT", "one")).isEqualTo(":1");
            limited.set(KeyspaceDirectives.MAXMEMORY_POLICY, "volatile-ttl");
            assertThat(limited.run("OBJECT", "REFCOUNT", "one")).isEqualTo(":2147483647");
        }
    }

    @Test
    void whatIsRestoredBringsItsAccesses() {
        try (Limited limited = new Limited(false, MemoryPolicy.ALLKEYS_LRU)) {
            limited.run("SET", "one", "a");
            String payload = limited.server.bulk("DUMP", "one");
            limited.run("RESTORE", "two", "0", payload, "IDLETIME", "1000");
            assertThat(limited.run("OBJECT", "IDLETIME", "two")).isEqualTo(":1000");
            limited.set(KeyspaceDirectives.MAXMEMORY_POLICY, "allkeys-lfu");
            limited.run("RESTORE", "three", "0", payload, "FREQ", "100");
            assertThat(limited.run("OBJECT", "FREQ", "three")).isEqualTo(":100");
            limited.run("RESTORE", "three", "0", payload, "REPLACE");
            assertThat(limited.run("OBJECT", "FREQ", "three")).isEqualTo(":5");
        }
    }

    @Test
    void whatTheMachineLacksIsFreedOnce() {
        try (Limited limited = new Limited(false, MemoryPolicy.ALLKEYS_RANDOM)) {
            for (int i = 0; i < 1000; i++) {
                limited.run("SET", "key:" + i, "value");
            }
            long before = limited.use.used();
            limited.eviction.machineLacks(5000);
            assertThat(before - limited.use.used()).isBetween(5000L, 10_000L);
            long after = limited.use.used();
            limited.eviction.watch();
            limited.eviction.machineLacks(0);
            limited.eviction.watch();
            assertThat(limited.use.used()).isEqualTo(after);
        }
    }
}
