package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What replicas get of a primary that becomes a replica itself. */
final class RoleChangeTest {

    @Test
    void replicasGetWhatWasWrittenBeforeTheirPrimaryFollowsAnother() throws Exception {
        try (Server server = TestServers.start("--server-threads", "1", "--save", "");
                TestClient client = new TestClient(server.port());
                TestClient replica = new TestClient(server.port())) {
            replica.send("SYNC");
            replica.skipPayload();
            while (!client.call("INFO", "replication").contains("state=online")) {
                Thread.onSpinWait();
            }
            client.sendInline(
                    "SET before x",
                    "MULTI",
                    "SET within x",
                    "REPLICAOF 127.0.0.1 1",
                    "EXEC",
                    "SET behind x");
            assertThat(client.reply()).isEqualTo("OK");
            assertThat(replica.reply()).isEqualTo("SELECT 0");
            assertThat(replica.reply()).isEqualTo("SET before x");
            assertThat(replica.isEnded()).isTrue();
        }
    }

    @Test
    void replicasGetWhatTheirPrimaryHasNotRun() throws Exception {
        try (Server server = TestServers.start("--enable-debug-command", "yes", "--save", "");
                TestClient client = new TestClient(server.port());
                TestClient replica = new TestClient(server.port())) {
            replica.send("SYNC");
            replica.skipPayload();
            while (!client.call("INFO", "replication").contains("state=online")) {
                Thread.onSpinWait();
            }
            assertThat(client.call("DEBUG", "REPLICATE", "no-such", "a b")).isEqualTo("OK");
            assertThat(replica.reply()).isEqualTo("no-such a b");
            assertThat(client.call("DBSIZE")).isEqualTo("0");
        }
    }

    @Test
    void writesAreTakenAsSoonAsThereAreEnoughReplicas() throws Exception {
        try (Server server =
                        TestServers.start(
                                "--server-threads",
                                "1",
                                "--save",
                                "",
                                "--min-replicas-to-write",
                                "1");
                TestClient client = new TestClient(server.port());
                TestClient replica = new TestClient(server.port())) {
            while (client.call("SET", "a", "1").equals("OK")) {
                Thread.onSpinWait(); // they are counted for the first time within a second
            }
            replica.send("SYNC");
            replica.skipPayload();
            while (!client.call("INFO", "replication").contains("state=online")) {
                Thread.onSpinWait();
            }
            assertThat(client.call("SET", "a", "2")).isEqualTo("OK");
        }
    }

    @Test
    void theConfigurationTellsOfTheRole() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("CONFIG", "GET", "replicaof")).isEqualTo("replicaof ");
            client.call("REPLICAOF", "127.0.0.1", "1");
            assertThat(client.call("CONFIG", "GET", "replicaof"))
                    .isEqualTo("replicaof 127.0.0.1 1");
            client.call("REPLICAOF", "NO", "ONE");
            assertThat(client.call("CONFIG", "GET", "replicaof")).isEqualTo("replicaof ");
        }
    }

    @Test
    void keysWrittenOnAReplicaExpireThere() throws Exception {
        try (Server server = TestServers.start("--replica-read-only", "no");
                TestClient client = new TestClient(server.port())) {
            client.call("REPLICAOF", "127.0.0.1", "1");
            assertThat(client.call("SET", "short", "1", "PX", "20")).isEqualTo("OK");
            client.call("SET", "stays", "1");
            client.call("SADD", "set", "a");
            client.call("PEXPIRE", "set", "20");
            while (!client.call("DBSIZE").equals("1")) {
                Thread.onSpinWait();
            }
            assertThat(client.call("GET", "stays")).isEqualTo("1");
            assertThat(client.call("INFO", "replication")).contains("master_repl_offset:0");
        }
    }
}
