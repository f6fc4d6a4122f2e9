package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A replica that takes nothing costs its primary what the log keeps, and no more. */
final class SlowReplicaTest {
    private static final int WRITES = 3_000;
    private static final String VALUE = "v".repeat(10_000);

    @Test
    void whatAReplicaDoesNotTakeStaysInTheLog() throws Exception {
        try (Server server = TestServers.start("--save", "", "--repl-backlog-size", "16kb");
                TestClient client = new TestClient(server.port());
                TestClient replica = new TestClient(server.port())) {
            attach(client, replica);
            write(client);
            assertThat(figure(client, "memory", "mem_clients_slaves")).isGreaterThan(10_000_000);
            String line = client.call("CLIENT", "LIST", "TYPE", "replica");
            String bytes = line.substring(line.indexOf(" omem=") + 6).split(" ", -1)[0];
            assertThat(Long.parseLong(bytes)).isLessThan(4_000_000);
        }
    }

    @Test
    void smallWritesDoNotPileUpOutsideTheLog() throws Exception {
        try (Server server = TestServers.start("--save", "", "--repl-backlog-size", "16kb");
                TestClient client = new TestClient(server.port());
                TestClient replica = new TestClient(server.port())) {
            attach(client, replica);
            write(client); // more than the buffers of the system take
            long before = figure(client, "memory", "mem_clients_normal");
            String[] batch = new String[1000];
            Arrays.fill(batch, "SET key small");
            for (int i = 0; i < 20; i++) {
                client.sendInline(batch);
                for (int k = 0; k < batch.length; k++) {
                    assertThat(client.reply()).isEqualTo("OK");
                }
            }
            assertThat(figure(client, "memory", "mem_clients_normal")).isLessThan(before + 500_000);
        }
    }

    @Test
    void aReplicaTooFarBehindIsDisconnected() throws Exception {
        try (Server server =
                        TestServers.start(
                                "--save",
                                "",
                                "--repl-backlog-size",
                                "16kb",
                                "--client-output-buffer-limit",
                                "replica 4mb 0 0");
                TestClient client = new TestClient(server.port());
                TestClient replica = new TestClient(server.port())) {
            attach(client, replica);
            write(client);
            while (figure(client, "replication", "connected_slaves") > 0) {
                Thread.onSpinWait();
            }
            while (figure(client, "memory", "mem_clients_slaves") > 1_000_000) {
                Thread.onSpinWait();
            }
        }
    }

    private static void attach(TestClient client, TestClient replica) throws IOException {
        replica.send("SYNC");
        replica.skipPayload();
        while (!client.call("INFO", "replication").contains("state=online")) {
            Thread.onSpinWait();
        }
    }

    private static void write(TestClient client) throws IOException {
        for (int i = 0; i < WRITES; i++) {
            client.call("SET", "key", VALUE);
        }
    }

    private static long figure(TestClient client, String section, String name) throws IOException {
        return client.call("INFO", section)
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1).strip()))
                .findFirst()
                .orElseThrow();
    }
}
