package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The link of a replica to its primary, as a client among others. */
final class PrimaryLinkTest {

    @Test
    void theLinkIsShownAndCanBeEnded() throws Exception {
        try (Server primary = TestServers.start();
                Server replica = TestServers.start();
                TestClient writer = new TestClient(primary.port());
                TestClient reader = new TestClient(replica.port())) {
            String address = "127.0.0.1:" + primary.port();
            assertThat(reader.call("CLIENT", "KILL", "TYPE", "master")).isEqualTo("0");
            assertThat(reader.call("CLIENT", "KILL", address)).isEqualTo("-ERR No such client");
            reader.call("REPLICAOF", "127.0.0.1", String.valueOf(primary.port()));
            awaitLink(reader);
            assertThat(reader.call("CLIENT", "LIST", "TYPE", "master"))
                    .contains(" addr=" + address + " ", " flags=M ", " user=(superuser) ");
            assertThat(reader.call("CLIENT", "LIST").lines()).hasSize(2);
            assertThat(reader.call("CLIENT", "KILL", address)).isEqualTo("OK");
            awaitResync(writer, 1);
            awaitLink(reader);
            assertThat(reader.call("CLIENT", "KILL", "TYPE", "MASTER")).isEqualTo("1");
            awaitResync(writer, 2);
            awaitLink(reader);
            String line = reader.call("CLIENT", "LIST", "TYPE", "master");
            String id = line.substring("id=".length(), line.indexOf(' '));
            assertThat(reader.call("CLIENT", "LIST", "ID", id)).contains(address);
            assertThat(reader.call("CLIENT", "KILL", "ID", id)).isEqualTo("1");
            awaitResync(writer, 3);
            reader.call("REPLICAOF", "NO", "ONE");
            while (!reader.call("CLIENT", "LIST", "TYPE", "master").isEmpty()) {
                Thread.onSpinWait();
            }
        }
    }

    private static void awaitLink(TestClient reader) throws Exception {
        while (!reader.call("INFO", "replication").contains("master_link_status:up")) {
            Thread.onSpinWait();
        }
    }

    private static void awaitResync(TestClient writer, int times) throws Exception {
        while (!writer.call("INFO", "stats").contains("sync_partial_ok:" + times)) {
            Thread.onSpinWait();
        }
    }
}
