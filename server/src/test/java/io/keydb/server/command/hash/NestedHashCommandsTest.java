package io.keydb.server.command.hash;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hashes within hashes, and fields that are renamed. */
class NestedHashCommandsTest {
    private static final String NO_SUCH_KEY = "-ERR no such key";
    private static final String SYNTAX = "-ERR syntax error";

    private final CommandTester server = new CommandTester();

    private List<String> effects() {
        return server.takeEffects().stream().map(effect -> effect.substring(3)).toList();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void pathsMakeTheHashesOnTheWay() {
        assertThat(server.run("KEYDB.NHSET", "a.b.c", "v")).isEqualTo(":0");
        assertThat(server.run("KEYDB.NHGET", "a.b.c")).isEqualTo("$1 v");
        assertThat(server.run("KEYDB.NHGET", "JSON", "a"))
                .isEqualTo("$19 {\"b\" : {\"c\" : \"v\"}}");
        assertThat(server.run("KEYDB.NHGET", "RESP", "a")).isEqualTo("*2 $1 b *2 $1 c $1 v");
        assertThat(server.run("KEYDB.NHSET", "a.b.c", "w")).isEqualTo(":1");
        assertThat(server.run("KEYDB.NHSET", "a.b.d", "x")).isEqualTo(":0");
        assertThat(server.run("KEYDB.NHGET", "a.b")).isEqualTo("*2 *2 $1 c $1 w *2 $1 d $1 x");
        assertThat(server.run("KEYDB.NHSET", "a.b.d.e", "y", "z")).isEqualTo(":0");
        assertThat(server.run("KEYDB.NHGET", "a.b.d.e")).isEqualTo("*2 $1 y $1 z");
        assertThat(server.run("KEYDB.NHGET", "json", "a.b.d"))
                .isEqualTo("$17 {\"e\" : [\"y\",\"z\"]}");
        assertThat(server.run("TYPE", "a")).isEqualTo("+hash");
        assertThat(server.run("HGET", "a", "b"))
                .isEqualTo("$35 {\"c\" : \"w\",\"d\" : {\"e\" : [\"y\",\"z\"]}}");
        assertThat(effects())
                .containsExactly(
                        "HSET a b {\"c\" : \"v\"}",
                        "HSET a b {\"c\" : \"w\"}",
                        "HSET a b {\"c\" : \"w\",\"d\" : \"x\"}",
                        "HSET a b {\"c\" : \"w\",\"d\" : {\"e\" : [\"y\",\"z\"]}}");
    }

    @Test
    void whatIsNoHashOnTheWayIsReplaced() {
        server.run("SET", "a", "v");
        assertThat(server.run("KEYDB.NHSET", "a.b", "w")).isEqualTo(":0");
        assertThat(server.run("HGETALL", "a")).isEqualTo("*2 $1 b $1 w");
        assertThat(server.run("KEYDB.NHSET", "a.b.c.d", "x")).isEqualTo(":0");
        assertThat(server.run("KEYDB.NHGET", "JSON", "a"))
                .isEqualTo("$27 {\"b\" : {\"c\" : {\"d\" : \"x\"}}}");
        assertThat(effects())
                .containsExactly(
                        "SET a v", "DEL a", "HSET a b w", "HSET a b {\"c\" : {\"d\" : \"x\"}}");
    }

    @Test
    void aPathOfOneNameIsTheKey() {
        assertThat(server.run("KEYDB.NHSET", "k", "v")).isEqualTo(":0");
        assertThat(server.run("GET", "k")).isEqualTo("$1 v");
        assertThat(server.run("KEYDB.NHGET", "k")).isEqualTo("$1 v");
        assertThat(server.run("KEYDB.NHSET", "k", "1", "2", "3")).isEqualTo(":1");
        assertThat(server.run("TYPE", "k")).isEqualTo("+list");
        assertThat(server.run("KEYDB.NHGET", "k")).isEqualTo("*3 $1 1 $1 2 $1 3");
        assertThat(server.run("KEYDB.NHGET", "JSON", "k")).isEqualTo("$13 [\"1\",\"2\",\"3\"]");
        assertThat(server.run("KEYDB.NHSET", "k", "7")).isEqualTo(":1");
        assertThat(server.run("KEYDB.NHGET", "JSON", "k")).isEqualTo("$3 \"7\"");
        assertThat(effects()).containsExactly("SET k v", "DEL k", "RPUSH k 1 2 3", "SET k 7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"c\" : \"v\"}",
                "[\"a\"]",
                "\"",
                "\"quoted\"",
                "\\\"\u0001\u00ff",
                "[1]"
            })
    void anyBytesComeBackAsTheyWere(String bytes) {
        for (String path : List.of("k", "k.f", "k.f.g", "k.f.g.h")) {
            server.run("KEYDB.NHSET", path, bytes);
            String expected = ("$" + bytes.length() + " " + bytes).trim();
            assertThat(server.run("KEYDB.NHGET", path)).isEqualTo(expected);
            server.run("KEYDB.NHSET", path, bytes, "more");
            assertThat(server.run("KEYDB.NHGET", path))
                    .isEqualTo("*2 " + expected + (bytes.isEmpty() ? " " : "") + " $4 more");
        }
    }

    @Test
    void whatIsNotThereIsAnError() {
        server.run("KEYDB.NHSET", "a.b.c", "v");
        server.run("SADD", "set", "x");
        assertThat(server.run("KEYDB.NHGET", "none")).isEqualTo(NO_SUCH_KEY);
        assertThat(server.run("KEYDB.NHGET", "a.x")).isEqualTo(NO_SUCH_KEY);
        assertThat(server.run("KEYDB.NHGET", "a.b.x")).isEqualTo(NO_SUCH_KEY);
        assertThat(server.run("KEYDB.NHGET", "a.b.c.d")).isEqualTo(NO_SUCH_KEY);
        assertThat(server.run("KEYDB.NHGET", "set.x")).isEqualTo(NO_SUCH_KEY);
        assertThat(server.run("KEYDB.NHGET", "set")).startsWith("-WRONGTYPE");
        for (String path : List.of("", ".", "a.", ".a", "a..b")) {
            assertThat(server.run("KEYDB.NHGET", path)).isEqualTo(SYNTAX);
            assertThat(server.run("KEYDB.NHSET", path, "v")).isEqualTo(SYNTAX);
        }
        assertThat(server.run("KEYDB.NHGET", "XML", "a")).isEqualTo(SYNTAX);
        assertThat(server.run("KEYDB.NHGET", "JSON", "a", "b")).isEqualTo(SYNTAX);
        assertThat(server.run("KEYDB.NHSET", "a" + ".b".repeat(128), "v"))
                .isEqualTo("-ERR the path has more than 128 names");
        assertThat(server.run("KEYDB.NHSET", "a" + ".b".repeat(127), "v")).isEqualTo(":0");
        assertThat(server.run("KEYDB.NHGET", "a" + ".b".repeat(127))).isEqualTo("$1 v");
        server.run("HSET", "a", "deep", "[".repeat(100_000));
        assertThat(server.run("KEYDB.NHGET", "a.deep")).startsWith("$100000 [[[");
    }

    @Test
    void whoWatchesTheKeyIsToldOfAPath() {
        server.run("WATCH", "a");
        server.session().run("KEYDB.NHSET", "a.b.c", "v");
        server.run("MULTI");
        server.run("PING");
        assertThat(server.run("EXEC")).isEqualTo("*-1");
    }

    @Test
    void theKeyIsTheFirstNameOfAPath() {
        assertThat(server.run("COMMAND", "GETKEYS", "KEYDB.NHSET", "a.b.c", "v"))
                .isEqualTo("*1 $1 a");
        assertThat(server.run("COMMAND", "GETKEYS", "KEYDB.NHGET", "JSON", "a.b.c"))
                .isEqualTo("*1 $1 a");
        assertThat(server.run("COMMAND", "GETKEYS", "KEYDB.NHGET", "a")).isEqualTo("*1 $1 a");
    }

    @Test
    void fieldsAreRenamed() {
        assertThat(server.run("KEYDB.HRENAME", "h", "a", "b")).isEqualTo("$-1");
        server.run("HSET", "h", "a", "1", "b", "2");
        server.takeEffects();
        assertThat(server.run("KEYDB.HRENAME", "h", "x", "b"))
                .isEqualTo("-ERR hash key doesn't exist");
        assertThat(server.run("KEYDB.HRENAME", "h", "a", "a")).isEqualTo(":1");
        assertThat(effects()).isEmpty();
        assertThat(server.run("KEYDB.HRENAME", "h", "a", "b")).isEqualTo(":1");
        assertThat(server.run("HGETALL", "h")).isEqualTo("*2 $1 b $1 1");
        assertThat(effects()).containsExactly("HSET h b 1", "HDEL h a");
        server.run("HPEXPIRE", "h", "100", "FIELDS", "1", "b");
        server.run("HSET", "h", "long", "x".repeat(100));
        server.takeEffects();
        assertThat(server.run("KEYDB.HRENAME", "h", "b", "long")).isEqualTo(":1");
        assertThat(server.run("HPTTL", "h", "FIELDS", "1", "long")).isEqualTo("*1 :100");
        assertThat(server.run("HLEN", "h")).isEqualTo(":1");
        assertThat(effects())
                .containsExactly(
                        "HSET h long 1", "HPEXPIREAT h 1700000000100 FIELDS 1 long", "HDEL h b");
        server.run("SET", "s", "v");
        assertThat(server.run("KEYDB.HRENAME", "s", "a", "b")).startsWith("-WRONGTYPE");
    }
}
