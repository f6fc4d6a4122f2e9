package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What happens to a client whose replies are larger than it may have waiting. */
final class OutputLimitTest {
    private static final String BIG = "x".repeat(200_000);

    @Test
    void aReplyBeyondTheHardLimitIsNotSent() throws Exception {
        try (Server server =
                        TestServers.start("--client-output-buffer-limit", "normal 100000 0 0");
                TestClient writer = new TestClient(server.port())) {
            writer.call("SET", "big", BIG);
            assertEnds(server, "GET big");
            assertEnds(server, "MULTI", "SET seen 1", "GET big", "EXEC");
            assertThat(writer.call("GET", "seen")).isEqualTo("1");
            for (int i = 0; i < 2_000; i++) {
                writer.call("SET", "k".repeat(100) + i, "");
            }
            assertEnds(server, "KEYS *");
            assertThat(writer.call("SET", "small", "y".repeat(90_000))).isEqualTo("OK");
            assertThat(writer.call("STRLEN", "small")).isEqualTo("90000");
            assertThat(writer.call("GET", "small")).hasSize(90_000);
        }
    }

    private static void assertEnds(Server server, String... lines) throws Exception {
        try (TestClient reader = new TestClient(server.port())) {
            reader.sendInline(lines);
            assertThat(reader.isEnded()).isTrue();
        }
    }
}
