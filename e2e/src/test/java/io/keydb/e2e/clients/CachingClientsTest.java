package io.keydb.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.e2e.process.ServerProcess;
import io.keydb.e2e.process.Subject;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.support.caching.CacheAccessor;
import io.lettuce.core.support.caching.CacheFrontend;
import io.lettuce.core.support.caching.ClientSideCaching;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisPooled;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.csc.DefaultCache;

/** Client-side caching of Jedis and Lettuce works unchanged. */
class CachingClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static ServerProcess server;

    @BeforeAll
    static void startServer() throws Exception {
        server = Subject.launch().with("--server-threads", "2").start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    /** A cache for servers of 7.2, too: by default Jedis asks for 7.4. */
    private static final class Cache extends DefaultCache {
        Cache() {
            super(1000);
        }

        @Override
        public boolean compatibilityMode() {
            return true;
        }
    }

    @Test
    void copiesOfJedisAreInvalidated() throws Exception {
        HostAndPort address = new HostAndPort("127.0.0.1", server.port());
        DefaultJedisClientConfig resp3 =
                DefaultJedisClientConfig.builder().protocol(RedisProtocol.RESP3).build();
        Cache cache = new Cache();
        try (JedisPooled reader = new JedisPooled(address, resp3, cache);
                JedisPooled writer = new JedisPooled(address, resp3)) {
            writer.set("jedis", "1");
            assertThat(reader.get("jedis")).isEqualTo("1");
            assertThat(reader.get("jedis")).isEqualTo("1");
            assertThat(cache.getStats().getHitCount()).isEqualTo(1);
            writer.set("jedis", "2");
            await(() -> reader.get("jedis").equals("2"));
            writer.hset("jedis:hash", "field", "a");
            assertThat(reader.hgetAll("jedis:hash")).isEqualTo(Map.of("field", "a"));
            writer.hset("jedis:hash", "field", "b");
            await(() -> reader.hgetAll("jedis:hash").equals(Map.of("field", "b")));
            assertThat(reader.get("jedis")).isEqualTo("2");
            writer.flushAll();
            await(() -> reader.get("jedis") == null);
            assertThat(cache.getStats().getInvalidationCount()).isPositive();
        }
    }

    @Test
    void copiesOfLettuceAreInvalidated() throws Exception {
        RedisURI address = RedisURI.create("127.0.0.1", server.port());
        Map<String, String> copies = new ConcurrentHashMap<>();
        try (RedisClient client = RedisClient.create(address)) {
            client.setOptions(
                    ClientOptions.builder().protocolVersion(ProtocolVersion.RESP3).build());
            try (StatefulRedisConnection<String, String> reader = client.connect();
                    StatefulRedisConnection<String, String> writer = client.connect()) {
                CacheFrontend<String, String> frontend =
                        ClientSideCaching.enable(
                                CacheAccessor.forMap(copies),
                                reader,
                                TrackingArgs.Builder.enabled().noloop());
                writer.sync().set("lettuce", "1");
                assertThat(frontend.get("lettuce")).isEqualTo("1");
                assertThat(copies).containsEntry("lettuce", "1");
                writer.sync().set("lettuce", "2");
                await(() -> !copies.containsKey("lettuce"));
                assertThat(frontend.get("lettuce")).isEqualTo("2");
                writer.sync().pexpire("lettuce", 1);
                await(() -> !copies.containsKey("lettuce"));
                assertThat(frontend.get("lettuce")).isNull();
            }
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(5);
        }
    }
}
