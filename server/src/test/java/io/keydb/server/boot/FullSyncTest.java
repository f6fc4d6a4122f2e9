package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a replica has while all data of its primary arrive. */
final class FullSyncTest {

    @Test
    void theDataStayUntilAllHasCome() throws Exception {
        try (Server replica = TestServers.start("--save", "");
                TestClient client = new TestClient(replica.port());
                PlayedPrimary primary = new PlayedPrimary()) {
            client.call("SET", "old", "1");
            client.call("REPLICAOF", "127.0.0.1", primary.port());
            byte[] snapshot = PlayedPrimary.snapshot();
            try (PlayedPrimary.Link link = primary.accept()) {
                link.handshake();
                link.beginSync(7);
                link.send(Arrays.copyOf(snapshot, snapshot.length - 12));
                await(client, "master_sync_in_progress:1");
                assertThat(client.call("GET", "old")).isEqualTo("1");
                assertThat(client.call("ROLE")).contains(" sync ");
            }
            await(client, "master_sync_in_progress:0");
            assertThat(client.call("GET", "old")).isEqualTo("1");
            try (PlayedPrimary.Link link = primary.accept()) {
                link.handshake();
                link.beginSync(7);
                link.send(snapshot);
                link.endSync();
                assertThat(link.request()).isEqualTo("REPLCONF ACK 7");
                link.send("*3\r\n$3\r\nSET\r\n$3\r\nnew\r\n$1\r\n2\r\n");
                await(client, "slave_repl_offset:36");
                assertThat(client.call("MGET", "old", "k", "new")).isEqualTo("(nil) v 2");
            }
        }
    }

    @Test
    void whatFollowsASnapshotOfKnownLengthWaitsForIt() throws Exception {
        try (Server replica = TestServers.start("--save", "");
                TestClient client = new TestClient(replica.port());
                PlayedPrimary primary = new PlayedPrimary()) {
            client.call("SET", "old", "1");
            client.call("REPLICAOF", "127.0.0.1", primary.port());
            byte[] snapshot = PlayedPrimary.snapshot();
            try (PlayedPrimary.Link link = primary.accept()) {
                link.handshake();
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                String head = "+FULLRESYNC " + PlayedPrimary.HISTORY + " 7\r\n$";
                all.writeBytes(PlayedPrimary.ascii(head + snapshot.length + "\r\n"));
                all.writeBytes(snapshot);
                all.writeBytes(PlayedPrimary.ascii("*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n"));
                link.send(all.toByteArray());
                await(client, "slave_repl_offset:28");
                assertThat(client.call("MGET", "old", "k", "n")).isEqualTo("(nil) v 1");
            }
        }
    }

    @Test
    void aDamagedSnapshotLeavesNoPartOfIt() throws Exception {
        try (Server replica = TestServers.start("--save", "");
                TestClient client = new TestClient(replica.port());
                PlayedPrimary primary = new PlayedPrimary()) {
            client.call("SET", "old", "1");
            client.call("REPLICAOF", "127.0.0.1", primary.port());
            byte[] snapshot = PlayedPrimary.snapshot();
            snapshot[snapshot.length - 9] = (byte) 0xf0; // in the place of the end
            try (PlayedPrimary.Link link = primary.accept()) {
                link.handshake();
                link.beginSync(7);
                link.send(snapshot);
                link.endSync();
                link.awaitEnd();
            }
            while (!client.call("DBSIZE").equals("0")) {
                Thread.onSpinWait();
            }
            assertThat(client.call("REPLICAOF", "NO", "ONE")).isEqualTo("OK");
            assertThat(client.call("DBSIZE")).isEqualTo("0");
        }
    }

    private static void await(TestClient client, String line) throws IOException {
        while (!client.call("INFO", "replication").contains(line + "\r\n")) {
            Thread.onSpinWait();
        }
    }
}
