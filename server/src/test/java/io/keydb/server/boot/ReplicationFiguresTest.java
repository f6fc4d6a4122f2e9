package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What INFO and MEMORY tell of the traffic and the memory of replication. */
final class ReplicationFiguresTest {

    @Test
    void trafficOfReplicasIsCountedOnBothSides() throws Exception {
        try (Server primary = TestServers.start();
                Server replica = TestServers.start();
                TestClient writer = new TestClient(primary.port());
                TestClient reader = new TestClient(replica.port())) {
            assertThat(figure(writer, "total_net_repl_output_bytes")).isZero();
            assertThat(memory(writer, "replication.backlog")).isZero();
            reader.call("REPLICAOF", "127.0.0.1", String.valueOf(primary.port()));
            while (!reader.call("INFO", "replication").contains("master_link_status:up")) {
                Thread.onSpinWait();
            }
            writer.call("SET", "big", "x".repeat(100_000));
            while (!reader.call("STRLEN", "big").equals("100000")) {
                Thread.onSpinWait();
            }
            assertThat(figure(writer, "total_net_repl_output_bytes")).isGreaterThan(100_000);
            assertThat(figure(writer, "total_net_repl_input_bytes")).isZero();
            assertThat(figure(reader, "total_net_repl_input_bytes")).isGreaterThan(100_000);
            assertThat(figure(reader, "total_net_repl_output_bytes")).isZero();
            assertThat(memory(writer, "replication.backlog")).isGreaterThan(100_000);
            assertThat(memory(writer, "clients.normal")).isPositive();
            reader.call("REPLICAOF", "NO", "ONE");
            while (!writer.call("INFO", "replication").contains("connected_slaves:0")) {
                Thread.onSpinWait();
            }
            assertThat(figure(writer, "total_net_repl_output_bytes")).isGreaterThan(100_000);
            reader.call("CONFIG", "RESETSTAT");
            assertThat(figure(reader, "total_net_repl_input_bytes")).isZero();
        }
    }

    private static long figure(TestClient client, String name) throws Exception {
        return client.call("INFO", "stats")
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static long memory(TestClient client, String name) throws Exception {
        String all = client.call("MEMORY", "STATS");
        String behind = all.substring(all.indexOf(name) + name.length() + 1);
        return Long.parseLong(behind.substring(0, behind.indexOf(' ')));
    }
}
