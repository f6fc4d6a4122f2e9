package io.keydb.server.command.generic;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import io.keydb.server.keyspace.ExpiryMode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members of hashes, sets and sorted sets expire alike. */
class MemberExpiryCommandsTest {
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

    @ParameterizedTest
    @CsvSource({
        "HSET k a 1 b 2 c 3, HDEL, HLEN k, hashtable",
        "SADD k a b c, SREM, SCARD k, hashtable",
        "SADD k 1 2 a b c, SREM, SCARD k, hashtable",
        "ZADD k 1 a 2 b 3 c, ZREM, ZCARD k, skiplist"
    })
    void membersGoWhenTheirTimeHasCome(String add, String removal, String count, String encoding) {
        server.run(add.split(" "));
        int members = Integer.parseInt(server.run(count.split(" ")).substring(1));
        server.takeEffects();
        assertThat(server.run("EXPIREMEMBER", "k", "none", "5")).isEqualTo(":0");
        assertThat(server.run("OBJECT", "ENCODING", "k")).doesNotContain(encoding);
        assertThat(server.run("EXPIREMEMBER", "k", "a", "5")).isEqualTo(":1");
        assertThat(server.run("EXPIREMEMBER", "k", "b", "2500", "ms")).isEqualTo(":1");
        assertThat(server.run("OBJECT", "ENCODING", "k")).endsWith(encoding);
        assertThat(server.run("TTL", "k", "a")).isEqualTo(":5");
        assertThat(server.run("PTTL", "k", "b")).isEqualTo(":2500");
        assertThat(server.run("PTTL", "k", "c")).isEqualTo(":-1");
        assertThat(server.run("PTTL", "k", "none")).isEqualTo(":-1");
        assertThat(server.run("PTTL", "none", "a")).isEqualTo(":-2");
        assertThat(server.run("TTL", "k")).isEqualTo(":-1");
        assertThat(effects())
                .containsExactly(
                        "PEXPIREMEMBERAT k a " + (NOW + 5_000),
                        "PEXPIREMEMBERAT k b " + (NOW + 2_500));
        server.clock().advanceMillis(2_501);
        assertThat(server.run(count.split(" "))).isEqualTo(":" + (members - 1));
        assertThat(effects()).containsExactly(removal + " k b");
        assertThat(server.run("PERSIST", "k", "a")).isEqualTo(":1");
        assertThat(server.run("PERSIST", "k", "a")).isEqualTo(":0");
        assertThat(server.run("PERSIST", "k", "none")).isEqualTo(":0");
        assertThat(server.run("PERSIST", "none", "a")).isEqualTo(":0");
        assertThat(effects()).containsExactly("PERSIST k a");
        assertThat(server.run("EXPIREMEMBERAT", "k", "a", "1")).isEqualTo(":1");
        assertThat(effects()).containsExactly(removal + " k a");
        server.run("PEXPIREMEMBERAT", "k", "c", "" + (NOW + 5_000));
        server.run("EXPIREMEMBER", "k", "1", "-1");
        server.run("EXPIREMEMBER", "k", "2", "0");
        server.clock().advanceMillis(2_500);
        server.takeEffects();
        assertThat(server.run("EXISTS", "k")).isEqualTo(":0");
        assertThat(effects()).containsExactly(removal + " k c");
    }

    @ParameterizedTest
    @CsvSource({"HSET k a 1 b 2", "SADD k a b", "ZADD k 1 a 2 b"})
    void copiesAndMovedKeysKeepTheExpiryOfMembers(String add) {
        server.run(add.split(" "));
        server.run("EXPIREMEMBER", "k", "a", "5");
        server.run("COPY", "k", "copy");
        server.run("RENAME", "k", "moved");
        server.run("EXPIRE", "moved", "100");
        server.run("MOVE", "moved", "1");
        assertThat(server.run("PTTL", "copy", "a")).isEqualTo(":5000");
        server.run("SELECT", "1");
        assertThat(server.run("PTTL", "moved", "a")).isEqualTo(":5000");
        server.run("PERSIST", "moved");
        assertThat(server.run("PTTL", "moved", "a")).isEqualTo(":5000");
        server.clock().advanceMillis(5_001);
        assertThat(server.run("PTTL", "moved", "a")).isEqualTo(":-1");
        assertThat(server.takeEffects()).last().asString().startsWith("1: ").endsWith(" moved a");
        server.run("SELECT", "0");
        assertThat(server.run("PTTL", "copy", "a")).isEqualTo(":-1");
        assertThat(server.takeEffects()).last().asString().endsWith(" copy a");
    }

    @Test
    void whoWatchesTheKeyIsToldOfAMemberThatIsGone() {
        server.run("HSET", "k", "a", "1", "b", "2");
        server.run("EXPIREMEMBER", "k", "a", "5");
        server.run("WATCH", "k");
        server.clock().advanceMillis(5_001);
        server.session().run("HLEN", "k");
        server.run("MULTI");
        server.run("HLEN", "k");
        assertThat(server.run("EXEC")).isEqualTo("*-1");
    }

    @Test
    void aReplicaNeitherRemovesNorSeesThem() {
        server.run("HSET", "k", "a", "1", "b", "2");
        server.run("EXPIREMEMBER", "k", "a", "5");
        server.keyspace().expiryMode(ExpiryMode.HIDE);
        server.takeEffects();
        server.clock().advanceMillis(5_001);
        assertThat(server.run("PTTL", "k", "a")).isEqualTo(":-1");
        assertThat(server.run("HLEN", "k")).isEqualTo(":2");
        assertThat(server.takeEffects()).isEmpty();
    }

    @Test
    void mistakesAreTold() {
        server.run("SET", "s", "v");
        server.run("RPUSH", "l", "v");
        server.run("HSET", "h", "a", "1");
        server.takeEffects();
        assertThat(server.run("EXPIREMEMBER", "s", "a", "5"))
                .isEqualTo("-ERR object type is unsupported");
        assertThat(server.run("EXPIREMEMBER", "none", "a", "5")).isEqualTo(":0");
        assertThat(server.run("EXPIREMEMBER", "h", "a", "x"))
                .isEqualTo("-ERR value is not an integer or out of range");
        assertThat(server.run("EXPIREMEMBER", "h", "a", "5", "h"))
                .isEqualTo("-ERR Invalid unit arg");
        assertThat(server.run("EXPIREMEMBER", "h", "a", "9223372036854775807"))
                .isEqualTo("-ERR invalid expire time in 'expiremember' command");
        assertThat(server.run("EXPIREMEMBER", "h", "a", "5", "s", "x"))
                .isEqualTo("-ERR wrong number of arguments for 'expiremember' command");
        assertThat(server.run("TTL", "h", "a", "b"))
                .isEqualTo("-ERR wrong number of arguments for 'ttl' command");
        assertThat(server.run("PERSIST", "h", "a", "b"))
                .isEqualTo("-ERR wrong number of arguments for 'persist' command");
        assertThat(server.run("TTL", "s", "a")).isEqualTo(":-1");
        assertThat(server.takeEffects()).isEmpty();
    }
}
