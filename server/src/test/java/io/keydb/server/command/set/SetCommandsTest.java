package io.keydb.server.command.set;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Commands on sets, in all their forms: replies, encodings, and what they leave to the log. */
class SetCommandsTest {
    private static final String WRONG_TYPE =
            "-WRONGTYPE Operation against a key holding the wrong kind of value";

    private final CommandTester server = new CommandTester();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void membersAreAddedOnceAndRemoved() {
        assertThat(server.run("SADD", "s", "1", "2", "1")).isEqualTo(":2");
        assertThat(server.run("OBJECT", "ENCODING", "s")).isEqualTo("$6 intset");
        assertThat(server.run("SADD", "s", "x")).isEqualTo(":1");
        assertThat(server.run("OBJECT", "ENCODING", "s")).isEqualTo("$8 listpack");
        assertThat(server.run("SMEMBERS", "s")).isEqualTo("*3 $1 1 $1 2 $1 x");
        assertThat(server.run("SADD", "s", "y".repeat(65))).isEqualTo(":1");
        assertThat(server.run("OBJECT", "ENCODING", "s")).isEqualTo("$9 hashtable");
        assertThat(server.run("SCARD", "s")).isEqualTo(":4");
        assertThat(server.run("SISMEMBER", "s", "2")).isEqualTo(":1");
        assertThat(server.run("SMISMEMBER", "s", "02", "x", "z")).isEqualTo("*3 :0 :1 :0");
        assertThat(server.run("SREM", "s", "1", "2", "3", "x")).isEqualTo(":3");
        assertThat(server.run("SREM", "s", "y".repeat(65), "more")).isEqualTo(":1");
        assertThat(server.run("EXISTS", "s")).isEqualTo(":0");
    }

    @Test
    void aNewSetTakesTheFormThatItsMembersWillNeed() {
        server.run(sadd("ints", 0, 513, ""));
        assertThat(server.run("OBJECT", "ENCODING", "ints")).isEqualTo("$9 hashtable");
        server.run(sadd("ints2", 0, 512, ""));
        assertThat(server.run("OBJECT", "ENCODING", "ints2")).isEqualTo("$6 intset");
        server.run("SADD", "ints2", "512");
        assertThat(server.run("OBJECT", "ENCODING", "ints2")).isEqualTo("$9 hashtable");
        server.run(sadd("texts", 0, 128, "m"));
        assertThat(server.run("OBJECT", "ENCODING", "texts")).isEqualTo("$8 listpack");
        server.run("SADD", "texts", "m128");
        assertThat(server.run("OBJECT", "ENCODING", "texts")).isEqualTo("$9 hashtable");
    }

    @Test
    void otherTypesAreRefused() {
        server.run("SET", "string", "x");
        server.run("SADD", "s", "a");
        for (String command :
                List.of(
                        "SADD string a",
                        "SREM string a",
                        "SISMEMBER string a",
                        "SMISMEMBER string a",
                        "SCARD string",
                        "SMEMBERS string",
                        "SPOP string",
                        "SPOP string 1",
                        "SRANDMEMBER string",
                        "SRANDMEMBER string 1",
                        "SSCAN string 0",
                        "SMOVE string s a",
                        "SMOVE s string a",
                        "SINTER s string",
                        "SINTERCARD 2 s string",
                        "SUNION s string",
                        "SDIFF s string",
                        "SINTERSTORE d s string",
                        "SUNIONSTORE d s string",
                        "SDIFFSTORE d s string")) {
            assertThat(server.run(command.split(" "))).as(command).isEqualTo(WRONG_TYPE);
        }
        assertThat(server.run("GET", "s")).isEqualTo(WRONG_TYPE);
        assertThat(server.run("SMEMBERS", "s")).isEqualTo("*1 $1 a");
    }

    @Test
    void aMemberMovesFromOneSetToTheOther() {
        server.run("SADD", "a", "1", "x");
        server.run("SADD", "b", "2");
        assertThat(server.run("SMOVE", "a", "b", "x")).isEqualTo(":1");
        assertThat(server.run("SMOVE", "a", "b", "x")).isEqualTo(":0");
        assertThat(server.run("SMOVE", "a", "a", "1")).isEqualTo(":1");
        assertThat(server.run("SMOVE", "a", "new", "1")).isEqualTo(":1");
        assertThat(server.run("EXISTS", "a")).isEqualTo(":0");
        assertThat(server.run("SMEMBERS", "b")).isEqualTo("*2 $1 2 $1 x");
        assertThat(server.run("SMEMBERS", "new")).isEqualTo("*1 $1 1");
    }

    @Test
    void setsAreCombined() {
        server.run("SADD", "a", "1", "2", "3", "4");
        server.run("SADD", "b", "3", "4", "5", "x");
        server.run(sadd("big", 3, 700, ""));
        assertThat(server.run("SINTER", "a", "b")).isEqualTo("*2 $1 3 $1 4");
        assertThat(server.run("SINTER", "a", "none")).isEqualTo("*0");
        assertThat(server.run("SINTER", "big", "a", "b")).isEqualTo("*2 $1 3 $1 4");
        assertThat(server.run("SINTERCARD", "2", "a", "b", "LIMIT", "1")).isEqualTo(":1");
        assertThat(server.run("SUNION", "a", "none", "b"))
                .isEqualTo("*6 $1 1 $1 2 $1 3 $1 4 $1 5 $1 x");
        assertThat(server.run("SDIFF", "a", "b", "none")).isEqualTo("*2 $1 1 $1 2");
        assertThat(server.run("SDIFF", "a", "big", "b")).isEqualTo("*2 $1 1 $1 2");
        assertThat(server.run("SDIFF", "b", "a", "a", "big")).isEqualTo("*1 $1 x");
        assertThat(server.run("SDIFF", "a", "a")).isEqualTo("*0");
        assertThat(server.run("SINTERSTORE", "a", "a", "b")).isEqualTo(":2");
        assertThat(server.run("OBJECT", "ENCODING", "a")).isEqualTo("$6 intset");
        assertThat(server.run("SINTERSTORE", "i", "b", "big")).isEqualTo(":3");
        assertThat(server.run("OBJECT", "ENCODING", "i")).isEqualTo("$6 intset");
        assertThat(server.run("SUNIONSTORE", "big", "a", "big")).isEqualTo(":700");
        assertThat(server.run("SDIFFSTORE", "big", "big", "b")).isEqualTo(":697");
        server.takeEffects();
        assertThat(server.run("SDIFFSTORE", "big", "big", "big")).isEqualTo(":0");
        assertThat(server.run("EXISTS", "big")).isEqualTo(":0");
        assertThat(server.run("SDIFFSTORE", "big", "big", "big")).isEqualTo(":0");
        assertThat(server.takeEffects()).containsExactly("0: SDIFFSTORE big big big");
    }

    @Test
    void whatIsPoppedIsToldToTheLog() {
        server.run("SADD", "s", "7");
        server.takeEffects();
        assertThat(server.run("SPOP", "s")).isEqualTo("$1 7");
        assertThat(server.takeEffects()).containsExactly("0: SREM s 7");
        for (String prefix : List.of("", "m", "m".repeat(70))) {
            for (int count : new int[] {1, 5, 30, 90}) {
                Set<String> members = new TreeSet<>(Arrays.asList(sadd("s", 0, 100, prefix)));
                members.removeAll(List.of("SADD", "s"));
                server.run(sadd("s", 0, 100, prefix));
                server.takeEffects();
                Set<String> popped = strings(server.run("SPOP", "s", Integer.toString(count)));
                assertThat(popped).hasSize(count);
                assertThat(members).containsAll(popped);
                List<String> effects = server.takeEffects();
                assertThat(effects).hasSize(1);
                assertThat(effects.get(0)).startsWith("0: SREM s ");
                assertThat(Set.of(effects.get(0).substring(10).split(" "))).isEqualTo(popped);
                members.removeAll(popped);
                assertThat(strings(server.run("SMEMBERS", "s"))).isEqualTo(members);
                assertThat(strings(server.run("SPOP", "s", "100"))).isEqualTo(members);
                assertThat(server.takeEffects()).containsExactly("0: DEL s");
            }
        }
        server.keyspace().lazyFreeing().ofEmptied(true);
        server.run("SADD", "s", "1");
        server.takeEffects();
        server.run("SPOP", "s", "1");
        assertThat(server.takeEffects()).containsExactly("0: UNLINK s");
        assertThat(server.run("SPOP", "s")).isEqualTo("$-1");
        assertThat(server.run("SPOP", "s", "2")).isEqualTo("*0");
    }

    @Test
    void manyPoppedMembersAreToldInSeveralCommands() {
        server.run(sadd("s", 0, 5000, "m"));
        server.takeEffects();
        server.run("SPOP", "s", "3000");
        assertThat(server.takeEffects()).hasSize(3);
        assertThat(server.run("SCARD", "s")).isEqualTo(":2000");
        server.run("SPOP", "s", "1990");
        assertThat(server.run("OBJECT", "ENCODING", "s")).isEqualTo("$8 listpack");
        assertThat(server.run("SCARD", "s")).isEqualTo(":10");
    }

    @Test
    void aTableThatHasLostNearlyAllIsGivenBackWhole() {
        for (int i = 0; i < 20; i++) {
            server.run(sadd("s", 0, 3000, "m"));
            server.run("SPOP", "s", "2995");
            server.run("DEL", "s");
            server.keyspace().reclaim();
            assertThat(server.keyspace().allocatedBytes()).isZero();
        }
    }

    @Test
    void randomMembersAreDifferentUnlessTheCountIsNegative() {
        for (String prefix : List.of("", "m", "m".repeat(70))) {
            server.run("DEL", "s");
            server.run(sadd("s", 0, 100, prefix));
            for (int count : new int[] {1, 10, 60, 99, 100, 200}) {
                Set<String> some = strings(server.run("SRANDMEMBER", "s", "" + count));
                assertThat(some).hasSize(Math.min(100, count));
                assertThat(strings(server.run("SMEMBERS", "s"))).containsAll(some);
                assertThat(server.run("SRANDMEMBER", "s", "-" + count)).startsWith("*" + count);
            }
        }
        assertThat(server.run("SRANDMEMBER", "s", "0")).isEqualTo("*0");
        assertThat(server.run("SRANDMEMBER", "none")).isEqualTo("$-1");
        assertThat(server.run("SRANDMEMBER", "none", "5")).isEqualTo("*0");
    }

    @Test
    void aScanMeetsEveryMember() {
        server.run(sadd("s", 0, 1000, "m"));
        Set<String> met = new HashSet<>();
        String cursor = "0";
        int calls = 0;
        do {
            String[] words = server.run("SSCAN", "s", cursor, "COUNT", "50").split(" ");
            cursor = words[2];
            for (int i = 5; i < words.length; i += 2) {
                met.add(words[i]);
            }
            calls++;
        } while (!cursor.equals("0"));
        assertThat(met).hasSize(1000);
        assertThat(calls).isGreaterThan(5);
        server.run("SADD", "small", "1", "2", "22");
        assertThat(server.run("SSCAN", "small", "0", "MATCH", "2*"))
                .isEqualTo("*2 $1 0 *2 $1 2 $2 22");
    }

    @Test
    void aSetMayBeCopiedAndRenamed() {
        for (String prefix : List.of("", "m", "m".repeat(70))) {
            server.run(sadd("s", 0, 20, prefix));
            assertThat(server.run("COPY", "s", "copy", "REPLACE")).isEqualTo(":1");
            assertThat(server.run("RENAME", "copy", "other")).isEqualTo("+OK");
            assertThat(server.run("SINTERCARD", "2", "other", "s")).isEqualTo(":20");
            server.run("DEL", "s");
        }
    }

    @Test
    void membersExpireOneByOne() {
        server.run("SADD", "s", "1", "2", "3", "x");
        assertThat(server.run("EXPIREMEMBER", "s", "2", "10")).isEqualTo(":1");
        assertThat(server.run("EXPIREMEMBER", "s", "x", "20")).isEqualTo(":1");
        assertThat(server.run("OBJECT", "ENCODING", "s")).isEqualTo("$9 hashtable");
        assertThat(server.run("TTL", "s", "2")).isEqualTo(":10");
        assertThat(server.run("COPY", "s", "copy")).isEqualTo(":1");
        assertThat(server.run("SPOP", "copy", "0")).isEqualTo("*0");
        assertThat(server.run("SUNIONSTORE", "union", "s")).isEqualTo(":4");
        assertThat(server.run("TTL", "union", "2")).isEqualTo(":-1");
        server.clock().advanceMillis(11_000);
        assertThat(server.run("SISMEMBER", "s", "2")).isEqualTo(":0");
        assertThat(server.run("SCARD", "copy")).isEqualTo(":3");
        assertThat(server.run("SCARD", "union")).isEqualTo(":4");
        server.takeEffects();
        server.clock().advanceMillis(10_000);
        assertThat(strings(server.run("SMEMBERS", "s"))).isEqualTo(Set.of("1", "3"));
        assertThat(server.takeEffects()).containsExactly("0: SREM s x");
        assertThat(server.run("EXPIREMEMBER", "s", "1", "10")).isEqualTo(":1");
        assertThat(server.run("SMOVE", "s", "copy", "1")).isEqualTo(":1");
        assertThat(server.run("EXPIREMEMBER", "s", "3", "10")).isEqualTo(":1");
        assertThat(server.run("SPOP", "s", "5")).isEqualTo("*1 $1 3");
        server.run(sadd("big", 0, 1000, "m"));
        server.run("EXPIREMEMBER", "big", "m7", "100");
        server.run("SPOP", "big", "990");
        assertThat(server.run("SCARD", "big")).isEqualTo(":10");
        assertThat(server.run("OBJECT", "ENCODING", "big")).isIn("$9 hashtable", "$8 listpack");
    }

    private static String[] sadd(String key, int from, int count, String prefix) {
        List<String> words = new ArrayList<>(List.of("SADD", key));
        IntStream.range(from, from + count).forEach(i -> words.add(prefix + i));
        return words.toArray(String[]::new);
    }

    /** The bulk strings of an array. */
    private static Set<String> strings(String reply) {
        String[] words = reply.split(" ");
        Set<String> strings = new HashSet<>();
        for (int i = words[0].startsWith("*") ? 2 : 1; i < words.length; i += 2) {
            strings.add(words[i]);
        }
        return strings;
    }
}
