package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas go on where they were: after a restart of either side, and with another primary. */
final class ResumedHistoryTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // the engine of the tests sets it
    Path folder;

    @Test
    void replicasGoOnWhenTheirPrimaryIsRestarted() throws Exception {
        String id;
        String offset;
        try (Server primary =
                        TestServers.start(
                                "--dir", folder.toString(), "--enable-debug-command", "yes");
                TestClient client = new TestClient(primary.port());
                TestClient replica = new TestClient(primary.port())) {
            replica.send("SYNC");
            replica.skipPayload();
            client.call("SET", "stays", "1");
            client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            client.call("SET", "goes", "1", "PX", "1");
            id = field(client, "master_replid");
            offset = field(client, "master_repl_offset");
            assertThat(client.call("SAVE")).isEqualTo("OK");
        }
        try (Server primary = TestServers.start("--dir", folder.toString());
                TestClient client = new TestClient(primary.port());
                TestClient replica = new TestClient(primary.port())) {
            assertThat(field(client, "master_replid2")).isEqualTo(id);
            assertThat(field(client, "repl_backlog_active")).isEqualTo("1");
            String next = Long.toString(Long.parseLong(offset) + 1);
            assertThat(replica.call("PSYNC", id, next))
                    .isEqualTo("CONTINUE " + field(client, "master_replid"));
            assertThat(replica.reply()).isEqualTo("SELECT 0");
            assertThat(replica.reply()).isEqualTo("DEL goes");
            client.call("SET", "more", "1");
            assertThat(replica.reply()).isEqualTo("SET more 1");
            assertThat(client.call("DBSIZE")).isEqualTo("2");
        }
    }

    @Test
    void aServerThatNobodyReadsHasNoHistoryToGoOnWith() throws Exception {
        try (Server server = TestServers.start("--dir", folder.toString());
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "a", "1");
            assertThat(client.call("SAVE")).isEqualTo("OK");
        }
        try (Server server = TestServers.start("--dir", folder.toString());
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("DBSIZE")).isEqualTo("1");
            assertThat(field(client, "repl_backlog_active")).isEqualTo("0");
        }
    }

    @Test
    void aReplicaGoesOnWhenItIsRestarted() throws Exception {
        try (PlayedPrimary primary = new PlayedPrimary()) {
            String[] arguments = {
                "--dir", folder.toString(), "--replicaof", "127.0.0.1 " + primary.port()
            };
            try (Server replica = TestServers.start(arguments);
                    TestClient client = new TestClient(replica.port());
                    PlayedPrimary.Link link = primary.accept()) {
                sync(link, client);
                assertThat(client.call("SAVE")).isEqualTo("OK");
            }
            try (Server replica = TestServers.start(arguments);
                    TestClient client = new TestClient(replica.port());
                    PlayedPrimary.Link link = primary.accept()) {
                assertThat(link.handshake()).isEqualTo("PSYNC " + PlayedPrimary.HISTORY + " 58");
                link.send("+CONTINUE\r\n*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n");
                await(client, "slave_repl_offset:84");
                client.call("SELECT", "3");
                assertThat(client.call("MGET", "a", "b")).isEqualTo("1 2");
            }
        }
    }

    @Test
    void aReplicaGoesOnInTheSameDatabaseWithAnotherPrimary() throws Exception {
        try (Server replica = TestServers.start("--dir", folder.toString());
                TestClient client = new TestClient(replica.port());
                PlayedPrimary first = new PlayedPrimary();
                PlayedPrimary second = new PlayedPrimary()) {
            client.call("REPLICAOF", "127.0.0.1", first.port());
            try (PlayedPrimary.Link link = first.accept()) {
                sync(link, client);
            }
            client.call("REPLICAOF", "127.0.0.1", second.port());
            try (PlayedPrimary.Link link = second.accept()) {
                assertThat(link.handshake()).isEqualTo("PSYNC " + PlayedPrimary.HISTORY + " 58");
                link.send("+CONTINUE\r\n*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n");
                await(client, "slave_repl_offset:84");
                client.call("SELECT", "3");
                assertThat(client.call("MGET", "a", "b")).isEqualTo("1 2");
            }
        }
    }

    @Test
    void aReplicaWithoutAnyWriteHasAHistoryForOthers() throws Exception {
        try (Server replica = TestServers.start("--dir", folder.toString());
                TestClient client = new TestClient(replica.port());
                TestClient other = new TestClient(replica.port());
                PlayedPrimary primary = new PlayedPrimary()) {
            client.call("REPLICAOF", "127.0.0.1", primary.port());
            try (PlayedPrimary.Link link = primary.accept()) {
                link.handshake();
                link.beginSync(0);
                link.send(PlayedPrimary.snapshot());
                link.endSync();
                assertThat(link.request()).isEqualTo("REPLCONF ACK 0");
                assertThat(other.call("PSYNC", PlayedPrimary.HISTORY, "1"))
                        .isEqualTo("CONTINUE " + PlayedPrimary.HISTORY);
            }
        }
    }

    @Test
    void aReplicaThatIsAnsweredIsDisconnected() throws Exception {
        try (Server server = TestServers.start("--dir", folder.toString());
                TestClient replica = new TestClient(server.port());
                TestClient reader = new TestClient(server.port())) {
            replica.send("SYNC");
            replica.skipPayload();
            replica.send("PING");
            assertThat(replica.isEnded()).isTrue();
            reader.send("SYNC");
            reader.skipPayload();
            reader.send("GET", "a");
            assertThat(reader.isEnded()).isTrue();
        }
    }

    /** All data as of offset 7, then a key in database 3: up to offset 57. */
    private static void sync(PlayedPrimary.Link link, TestClient client) throws IOException {
        link.handshake();
        link.beginSync(7);
        link.send(PlayedPrimary.snapshot());
        link.endSync();
        assertThat(link.request()).isEqualTo("REPLCONF ACK 7");
        link.send("*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n");
        await(client, "slave_repl_offset:57");
    }

    private static void await(TestClient client, String line) throws IOException {
        while (!client.call("INFO", "replication").contains(line + "\r\n")) {
            Thread.onSpinWait();
        }
    }

    private static String field(TestClient client, String name) throws IOException {
        return client.call("INFO", "replication")
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }
}
