package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.NativeHeap;
import org.junit.jupiter.api.Test;

/**
 * Claim: the whole server keeps the promises of its network layer: limits, closed connections, no
 * memory left behind.
 */
class WireTest {

    @Test
    void slowCommandsLeaveNoMemoryBehind() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "a", "1");
            client.call("KEYS", "*");
            long before = NativeHeap.allocatedBytes();
            for (int i = 0; i < 200; i++) {
                assertThat(client.call("KEYS", "*")).isEqualTo("a");
            }
            assertThat(client.call("PING")).isEqualTo("PONG");
            assertThat(NativeHeap.allocatedBytes() - before).isLessThan(100_000);
        }
    }

    @Test
    void clientsThatHaveNotAuthenticatedHaveSmallLimits() throws Exception {
        try (Server server = TestServers.start("--requirepass", "secret")) {
            try (TestClient client = new TestClient(server.port())) {
                client.sendInline("*11");
                assertThat(client.reply())
                        .isEqualTo("-ERR Protocol error: unauthenticated multibulk length");
                assertThat(client.isEnded()).isTrue();
            }
            try (TestClient client = new TestClient(server.port())) {
                client.sendInline("*1", "$16385");
                assertThat(client.reply())
                        .isEqualTo("-ERR Protocol error: unauthenticated bulk length");
                assertThat(client.isEnded()).isTrue();
            }
            try (TestClient client = new TestClient(server.port())) {
                assertThat(client.call("AUTH", "secret")).isEqualTo("OK");
                assertThat(client.call("ECHO", "x".repeat(20_000))).hasSize(20_000);
                assertThat(
                                client.call(
                                        "DEL", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10",
                                        "11"))
                        .isEqualTo("0");
            }
        }
    }

    @Test
    void brokenStreamIsTold() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            client.sendInline("PING", "*1", "!");
            assertThat(client.reply()).isEqualTo("PONG");
            assertThat(client.reply()).isEqualTo("-ERR Protocol error: expected '$', got '!'");
            assertThat(client.isEnded()).isTrue();
        }
    }
}
