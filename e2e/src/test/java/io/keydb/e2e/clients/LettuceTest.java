package io.keydb.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.e2e.process.ServerProcess;
import io.keydb.e2e.process.Subject;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.SetArgs;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.ProtocolVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lettuce works unchanged over the delivered families, in both protocol versions. */
class LettuceTest {

    private static ServerProcess server;

    @BeforeAll
    static void startServer() throws Exception {
        server = Subject.launch().start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource(value = ProtocolVersion.class)
    void synchronousCommandsAnswer(ProtocolVersion protocol) {
        try (RedisClient client = client(protocol);
                StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisCommands<String, String> redis = connection.sync();
            redis.flushall();
            assertThat(redis.ping()).isEqualTo("PONG");
            assertThat(redis.set("key", "value", SetArgs.Builder.px(100_000).xx())).isNull();
            assertThat(redis.set("key", "value", SetArgs.Builder.px(100_000).nx())).isEqualTo("OK");
            assertThat(redis.pttl("key")).isBetween(90_000L, 100_000L);
            assertThat(redis.mget("key", "missing"))
                    .containsExactly(KeyValue.just("key", "value"), KeyValue.empty("missing"));
            assertThat(redis.copy("key", "twin")).isTrue();
            assertThat(redis.expire("twin", Duration.ofSeconds(50))).isTrue();
            assertThat(redis.incrbyfloat("float", 1.25)).isEqualTo(1.25);
            assertThat(redis.objectEncoding("key")).isEqualTo("embstr");
            assertThat(redis.configGet("maxmemory*")).containsKey("maxmemory");
            assertThat(redis.info("memory")).contains("used_memory:");
            assertThat(redis.clientId()).isPositive();
            assertThat(redis.command()).isNotEmpty();
            redis.set("text", "abc");
            assertThatThrownBy(() -> redis.incr("text"))
                    .isInstanceOf(RedisCommandExecutionException.class)
                    .hasMessage("ERR value is not an integer or out of range");
        }
    }

    @ParameterizedTest
    @EnumSource(value = ProtocolVersion.class)
    void transactionsRunAndAreCalledOff(ProtocolVersion protocol) {
        try (RedisClient client = client(protocol);
                StatefulRedisConnection<String, String> connection = client.connect();
                StatefulRedisConnection<String, String> other = client.connect()) {
            RedisCommands<String, String> redis = connection.sync();
            redis.flushall();
            redis.multi();
            redis.set("key", "1");
            redis.incr("key");
            TransactionResult result = redis.exec();
            assertThat(result.stream().toList()).containsExactly("OK", 2L);
            redis.watch("key");
            other.sync().set("key", "changed");
            redis.multi();
            redis.set("key", "lost");
            assertThat(redis.exec().wasDiscarded()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(value = ProtocolVersion.class)
    void pipelinesAndScansLoseNothing(ProtocolVersion protocol) throws Exception {
        try (RedisClient client = client(protocol);
                StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisAsyncCommands<String, String> redis = connection.async();
            connection.sync().flushall();
            List<RedisFuture<String>> writes = new ArrayList<>();
            Map<String, String> expected = new HashMap<>();
            for (int i = 0; i < 3_000; i++) {
                writes.add(redis.set("pipe:" + i, "value" + i));
                expected.put("pipe:" + i, "value" + i);
            }
            for (RedisFuture<String> write : writes) {
                assertThat(write.get(10, TimeUnit.SECONDS)).isEqualTo("OK");
            }
            Set<String> found = new HashSet<>();
            KeyScanCursor<String> cursor = connection.sync().scan(ScanArgs.Builder.limit(100));
            found.addAll(cursor.getKeys());
            while (!cursor.isFinished()) {
                cursor = connection.sync().scan(cursor, ScanArgs.Builder.limit(100));
                found.addAll(cursor.getKeys());
            }
            assertThat(found).isEqualTo(expected.keySet());
            for (KeyValue<String, String> read :
                    connection.sync().mget(found.toArray(String[]::new))) {
                assertThat(read.getValue()).isEqualTo(expected.get(read.getKey()));
            }
        }
    }

    @Test
    void aNamedClientIsListed() {
        RedisURI address =
                RedisURI.Builder.redis("127.0.0.1", server.port())
                        .withClientName("lettuce-test")
                        .build();
        try (RedisClient client = RedisClient.create(address);
                StatefulRedisConnection<String, String> connection = client.connect()) {
            assertThat(connection.sync().clientGetname()).isEqualTo("lettuce-test");
            assertThat(connection.sync().clientList()).contains("name=lettuce-test");
        }
    }

    private static RedisClient client(ProtocolVersion protocol) {
        RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", server.port()));
        client.setOptions(ClientOptions.builder().protocolVersion(protocol).build());
        return client;
    }
}
