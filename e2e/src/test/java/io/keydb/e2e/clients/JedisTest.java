package io.keydb.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.e2e.process.ServerProcess;
import io.keydb.e2e.process.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPooled;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.GetExParams;
import redis.clients.jedis.params.LCSParams;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/** Jedis works unchanged over the delivered families, in both protocol versions. */
class JedisTest {

    private static final String PASSWORD = "jedis-secret";

    private static ServerProcess server;

    @BeforeAll
    static void startServer() throws Exception {
        server = Subject.launch().with("--requirepass", PASSWORD).start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void clear() {
        try (Jedis jedis = connect(RedisProtocol.RESP2)) {
            jedis.flushAll();
        }
    }

    @ParameterizedTest
    @EnumSource(RedisProtocol.class)
    void stringsAreWrittenAndRead(RedisProtocol protocol) {
        try (Jedis jedis = connect(protocol)) {
            assertThat(jedis.set("key", "value", SetParams.setParams().nx().ex(100)))
                    .isEqualTo("OK");
            assertThat(jedis.set("key", "other", SetParams.setParams().nx())).isNull();
            assertThat(jedis.setGet("key", "third", SetParams.setParams().keepTtl()))
                    .isEqualTo("value");
            assertThat(jedis.ttl("key")).isBetween(95L, 100L);
            assertThat(jedis.getEx("key", GetExParams.getExParams().persist())).isEqualTo("third");
            assertThat(jedis.append("key", "-more")).isEqualTo(10);
            assertThat(jedis.getrange("key", -4, -1)).isEqualTo("more");
            assertThat(jedis.mset("a", "1", "b", "2")).isEqualTo("OK");
            assertThat(jedis.mget("a", "missing", "b")).containsExactly("1", null, "2");
            assertThat(jedis.incrBy("a", 41)).isEqualTo(42);
            assertThat(jedis.incrByFloat("a", 0.5)).isEqualTo(42.5);
            assertThat(jedis.getDel("a")).isEqualTo("42.5");
            byte[] binary = {0, 13, 10, -1};
            jedis.set("bin".getBytes(java.nio.charset.StandardCharsets.UTF_8), binary);
            assertThat(jedis.get("bin".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                    .isEqualTo(binary);
        }
    }

    @ParameterizedTest
    @EnumSource(RedisProtocol.class)
    void longestCommonSubsequenceGivesItsMatches(RedisProtocol protocol) {
        try (Jedis jedis = connect(protocol)) {
            jedis.mset("a", "ohmytext", "b", "mynewtext");
            assertThat(jedis.lcs("a", "b", LCSParams.LCSParams()).getMatchString())
                    .isEqualTo("mytext");
            assertThat(jedis.lcs("a", "b", LCSParams.LCSParams().idx().withMatchLen()).getMatches())
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(RedisProtocol.class)
    void transactionsRunAndAreCalledOff(RedisProtocol protocol) {
        try (Jedis jedis = connect(protocol);
                Jedis other = connect(protocol)) {
            Transaction transaction = jedis.multi();
            Response<String> set = transaction.set("key", "1");
            Response<Long> counter = transaction.incr("key");
            assertThat(transaction.exec()).containsExactly("OK", 2L);
            assertThat(set.get()).isEqualTo("OK");
            assertThat(counter.get()).isEqualTo(2);
            jedis.watch("key");
            other.set("key", "changed");
            Transaction late = jedis.multi();
            late.set("key", "lost");
            assertThat(late.exec()).isNull();
            assertThat(jedis.get("key")).isEqualTo("changed");
        }
    }

    @ParameterizedTest
    @EnumSource(RedisProtocol.class)
    void scanFindsEveryKey(RedisProtocol protocol) {
        try (Jedis jedis = connect(protocol)) {
            Pipeline pipeline = jedis.pipelined();
            Set<String> expected = new HashSet<>();
            for (int i = 0; i < 2_000; i++) {
                pipeline.set("scan:" + i, "v");
                expected.add("scan:" + i);
            }
            pipeline.sync();
            Set<String> found = new HashSet<>();
            String cursor = ScanParams.SCAN_POINTER_START;
            do {
                ScanResult<String> part =
                        jedis.scan(cursor, new ScanParams().match("scan:*").count(50));
                found.addAll(part.getResult());
                cursor = part.getCursor();
            } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
            assertThat(found).isEqualTo(expected);
            assertThat(jedis.dbSize()).isEqualTo(2_000);
        }
    }

    @ParameterizedTest
    @EnumSource(RedisProtocol.class)
    void connectionAndServerCommandsAnswer(RedisProtocol protocol) {
        try (Jedis jedis = connect(protocol)) {
            assertThat(jedis.ping()).isEqualTo("PONG");
            assertThat(jedis.clientSetname("tester")).isEqualTo("OK");
            assertThat(jedis.clientGetname()).isEqualTo("tester");
            assertThat(jedis.clientList(jedis.clientId())).contains("name=tester");
            assertThat(jedis.select(3)).isEqualTo("OK");
            jedis.set("k", "v");
            assertThat(jedis.move("k", 4)).isEqualTo(1);
            assertThat(jedis.swapDB(3, 4)).isEqualTo("OK");
            assertThat(jedis.type("k")).isEqualTo("string");
            assertThat(jedis.objectEncoding("k")).isEqualTo("embstr");
            assertThat(jedis.configGet("maxclients")).containsKey("maxclients");
            assertThat(jedis.info("server")).contains("redis_version:");
            assertThat(jedis.time()).hasSize(2);
            assertThat(jedis.commandCount()).isPositive();
            assertThat(jedis.commandGetKeys("SET", "a", "b")).containsExactly("a");
            assertThat(jedis.commandDocs("get")).containsKey("get");
            assertThat(jedis.commandInfo("get")).containsKey("get");
        }
    }

    @Test
    void errorsArriveAsExceptionsWithTheServersWords() {
        try (Jedis jedis = connect(RedisProtocol.RESP3)) {
            jedis.set("text", "abc");
            assertThatThrownBy(() -> jedis.incr("text"))
                    .isInstanceOf(JedisDataException.class)
                    .hasMessage("ERR value is not an integer or out of range");
        }
        try (Jedis stranger = new Jedis("127.0.0.1", server.port())) {
            assertThatThrownBy(() -> stranger.get("x")).hasMessageContaining("NOAUTH");
        }
    }

    @Test
    void aPoolServesManyThreads() throws InterruptedException {
        try (JedisPooled pool = new JedisPooled(address(), configuration(RedisProtocol.RESP3))) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                threads.add(
                        Thread.ofVirtual()
                                .start(
                                        () -> {
                                            for (int j = 0; j < 250; j++) {
                                                pool.incr("shared");
                                            }
                                        }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(pool.get("shared")).isEqualTo("2000");
        }
    }

    private static Jedis connect(RedisProtocol protocol) {
        return new Jedis(address(), configuration(protocol));
    }

    private static HostAndPort address() {
        return new HostAndPort("127.0.0.1", server.port());
    }

    private static DefaultJedisClientConfig configuration(RedisProtocol protocol) {
        return DefaultJedisClientConfig.builder().protocol(protocol).password(PASSWORD).build();
    }
}
