package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that break a limit of their buffers are counted, by which limit it was. */
@Timeout(60)
final class DisconnectionsTest {
    private static final String LIMITS = "client_%s_buffer_limit_disconnections:%d";

    private final Server server;
    private final TestClient control;

    DisconnectionsTest() throws Exception {
        server = TestServers.start();
        control = new TestClient(server.port());
    }

    @AfterEach
    void close() throws IOException {
        control.close();
        server.close();
    }

    private String counts(int ofInput, int ofOutput) {
        return LIMITS.formatted("query", ofInput) + "\r\n" + LIMITS.formatted("output", ofOutput);
    }

    /** The client may see the end before the server has counted it. */
    private void awaitCounts(int ofInput, int ofOutput) throws IOException {
        String expected = counts(ofInput, ofOutput);
        String stats = control.call("INFO", "stats");
        for (int i = 0; i < 1_000 && !stats.contains(expected); i++) {
            stats = control.call("INFO", "stats");
        }
        assertThat(stats).contains(expected);
    }

    private static void sendTooMuch(TestClient client) throws IOException {
        try {
            client.sendInline("*2", "$4", "ECHO", "$3000000", "x".repeat(1_200_000));
        } catch (SocketException cutShort) {
            assertThat(cutShort).isNotNull(); // the end may come before all is sent
        }
    }

    @Test
    void eachLimitHasACountOfItsOwn() throws Exception {
        assertThat(control.call("INFO", "stats")).contains(counts(0, 0));
        control.call("CONFIG", "SET", "client-query-buffer-limit", "1mb");
        try (TestClient writer = new TestClient(server.port())) {
            sendTooMuch(writer);
            assertThat(writer.isEnded()).isTrue();
        }
        awaitCounts(1, 0);
        control.call("SETRANGE", "big", "200000", "x");
        try (TestClient reader = new TestClient(server.port())) {
            control.call("CONFIG", "SET", "client-output-buffer-limit", "normal 100000 0 0");
            reader.send("GET", "big");
            assertThat(reader.isEnded()).isTrue();
        }
        awaitCounts(1, 1);
        control.call("CONFIG", "RESETSTAT");
        assertThat(control.call("INFO", "stats")).contains(counts(0, 0));
    }

    @Test
    void whoLeavesOrIsKilledIsNotCounted() throws Exception {
        try (TestClient leaving = new TestClient(server.port());
                TestClient killed = new TestClient(server.port())) {
            assertThat(leaving.call("QUIT")).isEqualTo("OK");
            String id = killed.call("CLIENT", "ID");
            assertThat(control.call("CLIENT", "KILL", "ID", id)).isEqualTo("1");
            assertThat(killed.isEnded()).isTrue();
        }
        assertThat(control.call("INFO", "stats")).contains(counts(0, 0));
    }
}
