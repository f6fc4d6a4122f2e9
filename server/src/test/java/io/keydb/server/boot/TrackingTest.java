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
}
