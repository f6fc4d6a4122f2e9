package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** CLIENT TRACKING over real connections of several event loops. */
class TrackingTest {
    private static final int READS = 3000;
    private static final String LIBRARY =
            """
            #!lua name=reading
            redis.register_function('both', function(keys) return redis.call('get', keys[1]) end)
            redis.register_function{
              function_name = 'reads', flags = {'no-writes'},
              callback = function(keys) return redis.call('get', keys[1]) end}
            """;

    /** Reads through a cache that obeys invalidations. */
    private static final class CachingReader implements AutoCloseable {
        private final TestClient client;
        private final Map<String, Long> cache = new HashMap<>();

        CachingReader(int port) throws IOException {
            client = new TestClient(port);
            client.call("HELLO", "3");
            client.call("CLIENT", "TRACKING", "ON");
        }

        long read(String key) throws IOException {
            client.send("GET", key);
            String reply = client.reply();
            while (reply.startsWith("invalidate ")) {
                cache.remove(reply.substring("invalidate ".length()));
                reply = client.reply();
            }
            return Long.parseLong(reply);
        }

        @Override
        public void close() throws Exception {
            client.close();
        }
    }

    @Test
    void noReplyThatShowsAChangeOvertakesTheInvalidationOfAnEarlierOne() throws Exception {
        try (Server server = TestServers.start("--server-threads", "3");
                CachingReader reader = new CachingReader(server.port());
                TestClient writer = new TestClient(server.port())) {
            writer.call("MSET", "first", "0", "second", "0");
            AtomicBoolean isOver = new AtomicBoolean();
            Thread writing =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (long i = 1; !isOver.get(); i++) {
                                            set(writer, "first", i);
                                            set(writer, "second", i);
                                        }
                                    });
            try {
                for (int i = 0; i < READS; i++) {
                    long second = reader.read("second");
                    Long first = reader.cache.get("first");
                    if (first == null) {
                        reader.cache.put("first", reader.read("first"));
                    } else {
                        assertThat(first)
                                .as("a copy not known to be stale")
                                .isGreaterThanOrEqualTo(second);
                    }
                }
            } finally {
                isOver.set(true);
                writing.join();
            }
            long last = reader.read("second");
            assertThat(reader.read("first")).isGreaterThanOrEqualTo(last);
        }
    }

    private static void set(TestClient writer, String key, long value) {
        try {
            writer.call("SET", key, Long.toString(value));
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void whatIsRememberedIsBoundedAndForgottenWithTheLastWhoTracks() throws Exception {
        try (Server server = TestServers.start("--tracking-table-max-keys", "10");
                TestClient control = new TestClient(server.port())) {
            try (TestClient reader = new TestClient(server.port())) {
                reader.call("HELLO", "3");
                reader.call("CLIENT", "TRACKING", "ON");
                int invalidated = 0;
                for (int i = 0; i < 100; i++) {
                    reader.send("GET", "key" + i);
                    String reply = reader.reply();
                    while (reply.startsWith("invalidate ")) {
                        invalidated++;
                        reply = reader.reply();
                    }
                }
                assertThat(invalidated).isGreaterThan(80);
                assertThat(control.call("INFO", "stats")).contains("tracking_total_keys:10\r");
                assertThat(control.call("INFO", "clients")).contains("tracking_clients:1\r");
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!control.call("INFO", "stats").contains("tracking_total_keys:0\r")) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.sleep(5);
            }
        }
    }

    @Test
    void flushingForgetsWhatFormerTrackersRead() throws Exception {
        try (Server server = TestServers.start("--server-threads", "1");
                TestClient reader = new TestClient(server.port());
                TestClient writer = new TestClient(server.port())) {
            reader.call("HELLO", "3");
            reader.call("CLIENT", "TRACKING", "ON");
            reader.call("GET", "a");
            reader.sendInline("CLIENT TRACKING OFF", "FLUSHALL", "CLIENT TRACKING ON");
            for (int i = 0; i < 3; i++) {
                assertThat(reader.reply()).isEqualTo("OK");
            }
            writer.call("SET", "a", "1");
            requireNextIs(reader, "");
        }
    }

    @Test
    void aLowerLimitTakesEffectAtOnce() throws Exception {
        try (Server server = TestServers.start("--server-threads", "1", "--hz", "1");
                TestClient reader = new TestClient(server.port());
                TestClient control = new TestClient(server.port())) {
            reader.call("HELLO", "3");
            reader.call("CLIENT", "TRACKING", "ON");
            reader.call("GET", "a");
            reader.call("GET", "b");
            reader.call("MULTI");
            control.call("CONFIG", "SET", "tracking-table-max-keys", "1");
            reader.send("PING");
            assertThat(reader.reply()).isIn("invalidate a", "invalidate b");
            assertThat(reader.reply()).isEqualTo("QUEUED");
        }
    }

    @Test
    void whatIsForgottenForWantOfRoomIsToldInNoLoopModeToo() throws Exception {
        try (Server server = TestServers.start("--server-threads", "1");
                TestClient reader = new TestClient(server.port())) {
            reader.call("HELLO", "3");
            reader.call("CLIENT", "TRACKING", "ON", "NOLOOP");
            reader.call("GET", "a");
            reader.call("GET", "b");
            reader.call("CONFIG", "SET", "tracking-table-max-keys", "1");
            assertThat(reader.reply()).isIn("invalidate a", "invalidate b");
        }
    }

    @Test
    void repliesOfWaitingClientsPrecedeTheirInvalidations() throws Exception {
        try (Server server = TestServers.start("--server-threads", "3");
                TestClient reader = new TestClient(server.port());
                TestClient writer = new TestClient(server.port())) {
            reader.call("HELLO", "3");
            reader.call("CLIENT", "TRACKING", "ON");
            for (int i = 0; i < 200; i++) {
                reader.send("XREAD", "BLOCK", "0", "STREAMS", "stream", "$");
                while (!writer.call("INFO", "clients").contains("blocked_clients:1\r")) {
                    Thread.onSpinWait();
                }
                writer.sendInline("XADD stream * a " + i, "DEL stream");
                assertThat(reader.reply()).as("round " + i).startsWith("stream ");
                assertThat(reader.reply()).as("round " + i).isEqualTo("invalidate stream");
                writer.reply();
                writer.reply();
            }
        }
    }

    private static void requireNextIs(TestClient client, String invalidation) throws IOException {
        client.send("PING", "next");
        if (!invalidation.isEmpty()) {
            assertThat(client.reply()).isEqualTo("invalidate " + invalidation);
        }
        assertThat(client.reply()).isEqualTo("next");
    }

    @Test
    void whatScriptsReadIsRememberedForTheirCallerAndNothingElse() throws Exception {
        try (Server server = TestServers.start("--server-threads", "1");
                TestClient reader = new TestClient(server.port());
                TestClient writer = new TestClient(server.port())) {
            reader.call("HELLO", "3");
            reader.call("CLIENT", "TRACKING", "ON");
            writer.call("FUNCTION", "LOAD", LIBRARY);
            String get = "return redis.call('get', KEYS[1])";
            String digest = writer.call("SCRIPT", "LOAD", get);
            for (String[] request :
                    new String[][] {
                        {"EVAL", get},
                        {"EVAL_RO", get},
                        {"EVALSHA", digest},
                        {"EVALSHA_RO", digest},
                        {"FCALL", "both"},
                        {"FCALL", "reads"},
                        {"FCALL_RO", "reads"}
                    }) {
                reader.call(request[0], request[1], "2", "read", "declared");
                writer.call("MSET", "declared", "1", "read", "1");
                requireNextIs(reader, "read");
            }
            reader.call("EVAL", "return redis.call('set', KEYS[1], 1)", "2", "read", "declared");
            reader.call("EVAL_RO", "return redis.call('ping')", "1", "declared");
            writer.call("MSET", "declared", "1", "read", "1");
            requireNextIs(reader, "");
            reader.call("EVAL", "return redis.pcall('hget', KEYS[1], 'f')", "1", "read");
            writer.call("DEL", "read");
            requireNextIs(reader, "read"); // it has been told that there is no hash
            reader.call("MULTI");
            reader.call("EVAL", get, "1", "read");
            reader.call("EXEC");
            writer.call("SET", "read", "2");
            requireNextIs(reader, "read");
        }
    }

    @Test
    void optionsOfTheCallerHoldForItsScripts() throws Exception {
        String get = "return redis.call('get', KEYS[1])";
        try (Server server = TestServers.start("--server-threads", "1");
                TestClient reader = new TestClient(server.port());
                TestClient writer = new TestClient(server.port())) {
            reader.call("HELLO", "3");
            reader.call("CLIENT", "TRACKING", "ON", "OPTIN");
            reader.call("EVAL", get, "1", "a");
            writer.call("SET", "a", "1");
            requireNextIs(reader, "");
            reader.call("CLIENT", "CACHING", "YES");
            reader.call("EVAL", get, "1", "a");
            reader.call("EVAL", get, "1", "b"); // of which it did not ask
            writer.call("MSET", "a", "2", "b", "2");
            requireNextIs(reader, "a");

            reader.call("CLIENT", "TRACKING", "OFF");
            reader.call("CLIENT", "TRACKING", "ON", "OPTOUT");
            reader.call("CLIENT", "CACHING", "NO");
            reader.call("EVAL", get, "1", "a");
            reader.call("EVAL", get, "1", "b");
            writer.call("MSET", "a", "3", "b", "3");
            requireNextIs(reader, "b");

            reader.call("CLIENT", "TRACKING", "OFF");
            reader.call("CLIENT", "TRACKING", "ON", "NOLOOP");
            reader.call("GET", "a");
            reader.call("EVAL", "return redis.call('set', KEYS[1], 4)", "1", "a");
            requireNextIs(reader, "");
            reader.call("CLIENT", "TRACKING", "OFF");
            reader.call("CLIENT", "TRACKING", "ON");
            reader.call("EVAL", "redis.call('get', 'a') redis.call('set', 'a', 5)", "0");
            assertThat(reader.reply()).as("behind the reply").isEqualTo("invalidate a");

            reader.call("CLIENT", "TRACKING", "OFF");
            reader.call("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "p", "NOLOOP");
            reader.call("EVAL", "redis.call('get', 'a') redis.call('set', 'p1', 1)", "0");
            writer.call("EVAL", "redis.call('set', 'a', 6) redis.call('set', 'p2', 1)", "0");
            requireNextIs(reader, "p2");
        }
    }
}
