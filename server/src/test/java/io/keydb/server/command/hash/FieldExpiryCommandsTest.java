package io.keydb.server.command.hash;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import io.keydb.server.keyspace.ActiveExpiry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.ExpiryMode;
import io.keydb.server.keyspace.KeptKey;
import io.keydb.server.keyspace.Key;
import io.keydb.server.value.Members;
import io.keydb.server.value.hash.HashValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that expire: the commands, and how the fields go. */
class FieldExpiryCommandsTest {
    private static final long NOW = 1_700_000_000_000L;

    private final CommandTester server = new CommandTester();

    /** What went to the log since the last call; all is of database 0. */
    private List<String> effects() {
        return server.takeEffects().stream().map(effect -> effect.substring(3)).toList();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void fieldsExpireOneByOneAndTheKeyWithTheLast() {
        server.run("HSET", "h", "a", "1", "b", "2", "c", "3");
        assertThat(server.run("HEXPIRE", "h", "10", "FIELDS", "2", "a", "none"))
                .isEqualTo("*2 :1 :-2");
        assertThat(server.run("HPEXPIRE", "h", "20000", "FIELDS", "1", "b")).isEqualTo("*1 :1");
        assertThat(server.run("HTTL", "h", "FIELDS", "4", "a", "b", "c", "d"))
                .isEqualTo("*4 :10 :20 :-1 :-2");
        assertThat(server.run("OBJECT", "ENCODING", "h")).isEqualTo("$9 hashtable");
        server.takeEffects();
        server.clock().advanceMillis(10_001);
        assertThat(server.run("HGET", "h", "a")).isEqualTo("$-1");
        assertThat(effects()).containsExactly("HDEL h a");
        assertThat(server.run("HLEN", "h")).isEqualTo(":2");
        server.run("HDEL", "h", "c");
        server.takeEffects();
        server.clock().advanceMillis(10_000);
        assertThat(server.run("EXISTS", "h")).isEqualTo(":0");
        assertThat(effects()).containsExactly("HDEL h b");
        assertThat(server.run("HTTL", "h", "FIELDS", "1", "b")).isEqualTo("*1 :-2");
        assertThat(server.run("HEXPIRE", "h", "1", "FIELDS", "1", "b")).isEqualTo("*1 :-2");
        assertThat(server.run("HPERSIST", "h", "FIELDS", "1", "b")).isEqualTo("*1 :-2");
    }

    @Test
    void timesAreToldInAllUnitsAndRoundedUp() {
        server.run("HSET", "h", "a", "1");
        server.run("HPEXPIREAT", "h", "" + (NOW + 1_234), "FIELDS", "1", "a");
        assertThat(server.run("HTTL", "h", "FIELDS", "1", "a")).isEqualTo("*1 :2");
        assertThat(server.run("HPTTL", "h", "FIELDS", "1", "a")).isEqualTo("*1 :1234");
        assertThat(server.run("HEXPIRETIME", "h", "FIELDS", "1", "a"))
                .isEqualTo("*1 :" + (NOW / 1000 + 2));
        assertThat(server.run("HPEXPIRETIME", "h", "FIELDS", "1", "a"))
                .isEqualTo("*1 :" + (NOW + 1_234));
        server.run("HEXPIREAT", "h", "" + (NOW / 1000 + 100), "FIELDS", "1", "a");
        assertThat(server.run("HPTTL", "h", "FIELDS", "1", "a")).isEqualTo("*1 :100000");
        assertThat(server.run("HPERSIST", "h", "FIELDS", "2", "a", "b")).isEqualTo("*2 :1 :-2");
        assertThat(server.run("HPERSIST", "h", "FIELDS", "1", "a")).isEqualTo("*1 :-1");
        assertThat(server.run("HTTL", "h", "FIELDS", "1", "a")).isEqualTo("*1 :-1");
    }

    @Test
    void conditionsLookAtTheExpiryThereIs() {
        server.run("HSET", "h", "a", "1");
        assertThat(expire("XX", 100)).isEqualTo(":0");
        assertThat(expire("GT", 100)).isEqualTo(":0");
        assertThat(expire("LT", 100)).isEqualTo(":1");
        assertThat(expire("NX", 50)).isEqualTo(":0");
        assertThat(expire("XX", 200)).isEqualTo(":1");
        assertThat(expire("GT", 200)).isEqualTo(":0");
        assertThat(expire("GT", 300)).isEqualTo(":1");
        assertThat(expire("LT", 300)).isEqualTo(":0");
        assertThat(expire("lt", 299)).isEqualTo(":1");
        server.run("HPERSIST", "h", "FIELDS", "1", "a");
        assertThat(expire("NX", 50)).isEqualTo(":1");
    }

    private String expire(String condition, int seconds) {
        return server.run("HEXPIRE", "h", "" + seconds, condition, "FIELDS", "1", "a").substring(3);
    }

    @Test
    void effectsAreAbsoluteAndNameOnlyWhatWasDone() {
        server.run("HSET", "h", "a", "1", "b", "2", "c", "3");
        server.takeEffects();
        assertThat(server.run("HEXPIRE", "h", "5", "FIELDS", "3", "a", "none", "b"))
                .isEqualTo("*3 :1 :-2 :1");
        assertThat(server.run("HEXPIRE", "h", "5", "NX", "FIELDS", "2", "a", "c"))
                .isEqualTo("*2 :0 :1");
        assertThat(server.run("HEXPIRE", "h", "5", "NX", "FIELDS", "1", "a")).isEqualTo("*1 :0");
        assertThat(server.run("HPEXPIRE", "h", "0", "FIELDS", "3", "a", "a", "none"))
                .isEqualTo("*3 :2 :-2 :-2");
        assertThat(server.run("HINCRBYFLOAT", "h", "b", "0.5")).isEqualTo("$3 2.5");
        assertThat(server.run("HINCRBY", "h", "c", "1")).isEqualTo(":4");
        assertThat(server.run("HPTTL", "h", "FIELDS", "2", "b", "c")).isEqualTo("*2 :5000 :5000");
        assertThat(server.run("HSET", "h", "c", "1")).isEqualTo(":0");
        assertThat(server.run("HPTTL", "h", "FIELDS", "2", "b", "c")).isEqualTo("*2 :5000 :-1");
        assertThat(server.run("HEXPIREAT", "h", "1", "FIELDS", "2", "b", "c"))
                .isEqualTo("*2 :2 :2");
        assertThat(server.run("EXISTS", "h")).isEqualTo(":0");
        String later = " " + (NOW + 5_000) + " FIELDS ";
        assertThat(effects())
                .containsExactly(
                        "HPEXPIREAT h" + later + "2 a b",
                        "HPEXPIREAT h" + later + "1 c",
                        "HDEL h a",
                        "HSET h b 2.5",
                        "HPEXPIREAT h" + later + "1 b",
                        "HINCRBY h c 1",
                        "HSET h c 1",
                        "HDEL h b c");
    }

    @Test
    void mistakesAreTold() {
        server.run("HSET", "h", "a", "1");
        server.run("SET", "s", "1");
        String wrongType = "-WRONGTYPE Operation against a key holding the wrong kind of value";
        assertThat(server.run("HEXPIRE", "s", "x", "FIELDS", "1", "a")).isEqualTo(wrongType);
        assertThat(server.run("HTTL", "s", "X", "1", "a")).isEqualTo(wrongType);
        assertThat(server.run("HPERSIST", "s", "X", "1", "a")).isEqualTo(wrongType);
        assertThat(server.run("HEXPIRE", "h", "x", "FIELDS", "1", "a"))
                .isEqualTo("-ERR value is not an integer or out of range");
        assertThat(server.run("HEXPIRE", "h", "-1", "FIELDS", "1", "a"))
                .isEqualTo("-ERR invalid expire time, must be >= 0");
        assertThat(server.run("HEXPIRE", "h", "70368744178", "FIELDS", "1", "a"))
                .isEqualTo("-ERR invalid expire time in 'hexpire' command");
        assertThat(server.run("HPEXPIREAT", "h", "70368744177664", "FIELDS", "1", "a"))
                .isEqualTo("-ERR invalid expire time in 'hpexpireat' command");
        String noFields = "-ERR Mandatory argument FIELDS is missing or not at the right position";
        assertThat(server.run("HEXPIRE", "h", "1", "FIELD", "1", "a")).isEqualTo(noFields);
        assertThat(server.run("HTTL", "h", "FIELD", "1", "a")).isEqualTo(noFields);
        assertThat(server.run("HPERSIST", "h", "NX", "1", "a")).isEqualTo(noFields);
        assertThat(server.run("HEXPIRE", "h", "1", "FIELDS", "0", "a"))
                .isEqualTo("-ERR Parameter `numFields` should be greater than 0");
        assertThat(server.run("HEXPIRE", "h", "1", "NX", "FIELDS", "x", "a"))
                .isEqualTo("-ERR Parameter `numFields` should be greater than 0");
        assertThat(server.run("HTTL", "h", "FIELDS", "0", "a"))
                .isEqualTo("-ERR Number of fields must be a positive integer");
        String number = "-ERR The `numfields` parameter must match the number of arguments";
        assertThat(server.run("HEXPIRE", "h", "1", "FIELDS", "2", "a")).isEqualTo(number);
        assertThat(server.run("HEXPIRE", "h", "1", "FIELDS", "1", "a", "b")).isEqualTo(number);
        assertThat(server.run("HPERSIST", "h", "FIELDS", "3", "a", "b")).isEqualTo(number);
        assertThat(server.run("HEXPIRE", "h", "1", "FIELDS", "1"))
                .isEqualTo("-ERR wrong number of arguments for 'hexpire' command");
        assertThat(effects()).containsExactly("HSET h a 1", "SET s 1");
    }

    @Test
    void eventsTellWhatHasHappened() {
        List<String> events = new ArrayList<>();
        server.keyspace()
                .events()
                .listen(
                        EnumSet.of(EventClass.HASH, EventClass.GENERIC),
                        (event, database, key) -> events.add(event));
        server.run("HSET", "h", "a", "1", "b", "2", "c", "3", "d", "4");
        server.run("HINCRBY", "h", "a", "1");
        server.run("HINCRBYFLOAT", "h", "a", "1.5");
        server.run("HSETNX", "h", "a", "no");
        server.run("HSETNX", "h", "e", "yes");
        server.run("HDEL", "h", "none");
        server.run("HDEL", "h", "e", "d");
        server.run("HEXPIRE", "h", "1", "FIELDS", "2", "a", "b");
        server.run("HPERSIST", "h", "FIELDS", "1", "b");
        server.run("HPEXPIRE", "h", "0", "FIELDS", "1", "b");
        server.clock().advanceMillis(1_001);
        server.run("HLEN", "h");
        server.run("HDEL", "h", "c");
        assertThat(events)
                .containsExactly(
                        "hset",
                        "hincrby",
                        "hincrbyfloat",
                        "hset",
                        "hdel",
                        "hexpire",
                        "hpersist",
                        "hdel",
                        "hexpired",
                        "hdel",
                        "del");
    }

    @Test
    void aReplicaHidesFieldsAndWaits() {
        server.run("HSET", "h", "a", "1", "b", "2");
        server.run("HPEXPIRE", "h", "100", "FIELDS", "1", "a");
        server.keyspace().expiryMode(ExpiryMode.HIDE);
        server.clock().advanceMillis(101);
        server.takeEffects();
        assertThat(server.run("HGET", "h", "a")).isEqualTo("$-1");
        assertThat(server.run("HEXISTS", "h", "a")).isEqualTo(":0");
        assertThat(server.run("HGETALL", "h")).isEqualTo("*2 $1 b $1 2");
        assertThat(server.run("HRANDFIELD", "h", "5")).isEqualTo("*1 $1 b");
        assertThat(server.run("HSCAN", "h", "0")).isEqualTo("*2 $1 0 *2 $1 b $1 2");
        assertThat(server.run("HLEN", "h")).isEqualTo(":2");
        assertThat(effects()).isEmpty();
        server.keyspace().expiryMode(ExpiryMode.REMOVE);
        assertThat(server.run("HLEN", "h")).isEqualTo(":1");
        assertThat(effects()).containsExactly("HDEL h a");
    }

    @Test
    void fieldsGoAlthoughNobodyAsks() {
        for (int i = 0; i < 1_000; i++) {
            server.run("HSET", "h", "f" + i, "v");
            server.run("HPEXPIRE", "h", "" + (i + 1), "FIELDS", "1", "f" + i);
        }
        server.run("HSET", "whole", "a", "1");
        server.run("HPEXPIRE", "whole", "7", "FIELDS", "1", "a");
        server.clock().advanceMillis(501);
        ActiveExpiry expiry = new ActiveExpiry(server.keyspace());
        server.takeEffects();
        expiry.cycle(Long.MAX_VALUE / 2);
        assertThat(effects()).hasSize(501).contains("HDEL whole a", "HDEL h f499");
        assertThat(server.run("HLEN", "h")).isEqualTo(":500");
        assertThat(server.run("DBSIZE")).isEqualTo(":1");
        server.clock().advanceMillis(1000);
        expiry.cycle(Long.MAX_VALUE / 2);
        assertThat(server.run("DBSIZE")).isEqualTo(":0");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void fieldsExpireAsInAModel(long seed) {
        Random random = new Random(seed);
        Map<String, Long> model = new HashMap<>();
        long now = NOW;
        for (int i = 0; i < 3_000; i++) {
            String field = "f" + random.nextInt(60);
            switch (random.nextInt(9)) {
                case 0, 1, 2 -> {
                    server.run("HSET", "h", field, "v".repeat(random.nextInt(30)));
                    model.put(field, Long.MAX_VALUE);
                }
                case 3, 4 -> {
                    long expiry = now + 1 + random.nextInt(100);
                    server.run("HPEXPIREAT", "h", "" + expiry, "FIELDS", "1", field);
                    model.computeIfPresent(field, (f, old) -> expiry);
                }
                case 5 -> {
                    server.run("HPERSIST", "h", "FIELDS", "1", field);
                    model.computeIfPresent(field, (f, old) -> Long.MAX_VALUE);
                }
                case 6 -> {
                    server.run("HDEL", "h", field);
                    model.remove(field);
                }
                case 7 -> {
                    server.run("EXPIRE", "h", "100000");
                    server.run("COPY", "h", "copy", "REPLACE");
                    server.run("DEL", "h");
                    server.run("RENAME", "copy", "h");
                }
                default -> {
                    long step = random.nextInt(20);
                    now += step;
                    server.clock().advanceMillis(step);
                }
            }
            long moment = now;
            for (Iterator<Long> all = model.values().iterator(); all.hasNext(); ) {
                if (all.next() < moment) {
                    all.remove();
                }
            }
            assertThat(server.run("HLEN", "h"))
                    .as("seed %d, step %d", seed, i)
                    .isEqualTo(":" + model.size());
            checkInvariants();
        }
        for (Map.Entry<String, Long> field : model.entrySet()) {
            boolean expires = field.getValue() != Long.MAX_VALUE;
            assertThat(server.run("HPEXPIRETIME", "h", "FIELDS", "1", field.getKey()))
                    .isEqualTo("*1 :" + (expires ? field.getValue() : -1));
        }
    }

    private void checkInvariants() {
        try (KeptKey kept = new KeptKey(server.keyspace().pages())) {
            Key key = kept.keep("h".getBytes(StandardCharsets.US_ASCII));
            server.keyspace().lock(server.keyspace().allPartitions());
            long record = server.keyspace().database(0).stored(key);
            if (record != 0 && HashValue.isTable(record)) {
                Members.checkInvariants(record);
            }
            server.keyspace().unlock(server.keyspace().allPartitions());
        }
    }
}
