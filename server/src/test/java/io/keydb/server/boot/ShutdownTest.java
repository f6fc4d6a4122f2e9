package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.shutdown.Shutdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a server ends, when it does not, and what clients hear of it. */
class ShutdownTest {
    private static final String FAILED = "-ERR Errors trying to SHUTDOWN. Check logs.";
    private static final String PENDING = "-SHUTDOWN PENDING";

    @TempDir
    @SuppressWarnings("NullAway.Init") // the engine of the tests sets it
    private Path folder;

    @Test
    void wrongOptionsAreASyntaxError() throws Exception {
        try (Server server = start();
                TestClient client = new TestClient(server.port())) {
            for (String[] options :
                    new String[][] {
                        {"LATER"},
                        {"SAVE", "NOSAVE"},
                        {"ABORT", "NOW"},
                        {"ABORT", "SOFT"},
                        {"SOFT", "FORCE"}
                    }) {
                assertThat(call(client, options))
                        .as("%s", (Object) options)
                        .isEqualTo("-ERR syntax error");
            }
            assertThat(call(client, "ABORT")).isEqualTo("-ERR No shutdown in progress.");
            client.call("MULTI");
            assertThat(call(client, "NOW"))
                    .isEqualTo("-ERR Command not allowed inside a transaction");
        }
    }

    @Test
    void theDataAreSavedAsAskedFor() throws Exception {
        endsWith("NOSAVE");
        assertThat(dump()).doesNotExist();
        endsWith("SAVE");
        assertThat(dump()).exists();
        Files.delete(dump());
        endsWith("NOSAVE", "NOW", "FORCE");
        assertThat(dump()).doesNotExist();
        endsWith();
        assertThat(dump()).exists();
    }

    @Test
    void theEndSavesEvenWithoutSavePoints() throws Exception {
        try (Server server = start("--save", "");
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "k", "v");
            shutDown(client, "SAVE", "NOW");
        }
        try (Server server = start();
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("GET", "k")).isEqualTo("v");
        }
    }

    @Test
    void aServerThatCannotSaveGoesOn() throws Exception {
        try (Server server = start();
                TestClient client = new TestClient(server.port());
                TestClient writer = new TestClient(server.port())) {
            Files.createDirectory(dump());
            Files.createFile(dump().resolve("in the way"));
            assertThat(call(client)).isEqualTo(FAILED);
            assertThat(writer.call("SET", "k", "v")).isEqualTo("OK");
            assertThat(client.call("PING")).isEqualTo("PONG");
            assertThat(call(client, "SAVE")).isEqualTo(FAILED);
            shutDown(client, "FORCE");
        }
    }

    @Test
    void aServerWhoseDataWouldBeInNoFileGoesOn() throws Exception {
        try (Server server = start("--save", "", "--rdb-key-save-delay", "10000000");
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "k", "v");
            client.call("SET", "l", "v");
            assertThat(client.call("CONFIG", "SET", "appendonly", "yes")).isEqualTo("OK");
            assertThat(call(client)).isEqualTo(FAILED);
            assertThat(call(client, "NOSAVE")).isEqualTo(FAILED);
            assertThat(client.call("GET", "k")).isEqualTo("v");
            shutDown(client, "FORCE");
        }
    }

    @Test
    void clientsThatWaitDoNotHoldUpTheEnd() throws Exception {
        try (Server server = start();
                TestClient client = new TestClient(server.port());
                TestClient blocked = new TestClient(server.port());
                TestClient paused = new TestClient(server.port())) {
            blocked.send("BLPOP", "k", "0");
            client.call("CLIENT", "PAUSE", "100000", "WRITE");
            paused.send("SET", "k", "v");
            awaitInfo(client, "clients", "blocked_clients:2");
            shutDown(client);
            assertThat(blocked.isEnded()).isTrue();
            assertThat(paused.isEnded()).isTrue();
        }
    }

    @Test
    void writesWaitForALaggingReplicaUntilItIsAborted() throws Exception {
        try (Server server = start("--shutdown-timeout", "10000");
                TestClient replica = laggingReplica(server);
                TestClient first = new TestClient(server.port());
                TestClient second = new TestClient(server.port());
                TestClient leaving = new TestClient(server.port());
                TestClient writer = new TestClient(server.port());
                TestClient other = new TestClient(server.port())) {
            other.call("SET", "k", "1");
            first.send("SHUTDOWN");
            second.send("SHUTDOWN", "NOSAVE");
            leaving.send("SHUTDOWN");
            awaitInfo(other, "server", "shutdown_in_milliseconds:");
            awaitInfo(other, "clients", "blocked_clients:3");
            leaving.close();
            awaitInfo(other, "clients", "blocked_clients:2");
            writer.send("INCR", "k");
            awaitInfo(other, "clients", "blocked_clients:3");
            assertThat(other.call("CLIENT", "UNPAUSE")).isEqualTo("OK");
            assertThat(other.call("GET", "k")).isEqualTo("1");
            assertThat(call(other, "ABORT")).isEqualTo("OK");
            assertThat(first.reply()).isEqualTo(FAILED);
            assertThat(second.reply()).isEqualTo(FAILED);
            assertThat(writer.reply()).isEqualTo("2");
            assertThat(other.call("INFO", "server")).doesNotContain("shutdown_in");
            assertThat(call(other, "ABORT")).isEqualTo("-ERR No shutdown in progress.");
            assertThat(first.call("PING")).isEqualTo("PONG");
            replica.close();
            shutDown(second);
        }
    }

    @Test
    void itEndsWhenTheReplicaHasAll() throws Exception {
        try (Server server = start("--shutdown-timeout", "10000");
                TestClient replica = laggingReplica(server);
                TestClient client = new TestClient(server.port());
                TestClient other = new TestClient(server.port())) {
            client.call("SET", "k", "1");
            client.send("SHUTDOWN");
            awaitInfo(other, "server", "shutdown_in_milliseconds:");
            replica.send("REPLCONF", "ACK", "0"); // has loaded its snapshot
            replica.send("REPLCONF", "ACK", Long.toString(1L << 40));
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void aReplicaThatLagsTooLongIsLeftBehind() throws Exception {
        try (Server server = start("--shutdown-timeout", "1");
                TestClient replica = laggingReplica(server);
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "k", "1");
            shutDown(client);
            assertThat(dump()).exists();
            Files.delete(dump());
        }
        try (Server server = start("--shutdown-timeout", "10000");
                TestClient replica = laggingReplica(server);
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "k", "1");
            shutDown(client, "NOW");
            assertThat(dump()).exists();
        }
    }

    @Test
    void aSoftShutdownWaitsForTheLastClient() throws Exception {
        try (Server server = start();
                TestClient replica = laggingReplica(server);
                TestClient monitor = new TestClient(server.port());
                TestClient blocked = new TestClient(server.port())) {
            assertThat(monitor.call("MONITOR")).isEqualTo("OK");
            blocked.send("BLPOP", "list", "0");
            try (TestClient client = new TestClient(server.port());
                    TestClient other = new TestClient(server.port())) {
                awaitInfo(other, "clients", "blocked_clients:1");
                assertThat(call(client, "SOFT")).isEqualTo("OK");
                assertThat(other.call("PING")).isEqualTo(PENDING);
                assertThat(other.call("SET", "k", "v")).isEqualTo("OK");
                try (TestClient refused = new TestClient(server.port())) {
                    assertThat(refused.reply()).isEqualTo("-SHUTDOWN");
                    assertThat(refused.isEnded()).isTrue();
                }
                assertThat(call(other, "ABORT")).isEqualTo("OK");
                assertThat(other.call("PING")).isEqualTo("PONG");
                new TestClient(server.port()).close();
                assertThat(call(client, "SOFT")).isEqualTo("OK");
                client.close();
                replica.close();
                assertThat(other.call("GET", "k")).isEqualTo("v");
            }
            assertThat(blocked.isEnded()).isTrue();
            assertThat(dump()).exists();
        }
    }

    @Test
    void aSignalDoesWhatItsDirectiveSays() throws Exception {
        try (Server server = start("--shutdown-on-sigterm", "nosave now");
                TestClient replica = laggingReplica(server);
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("CONFIG", "GET", "shutdown-on-*"))
                    .isEqualTo("shutdown-on-sigint default shutdown-on-sigterm nosave now");
            assertThat(client.call("CONFIG", "SET", "shutdown-on-sigint", "save nosave"))
                    .contains("shutdown options SAVE and NOSAVE can't be used simultaneously");
            assertThat(client.call("CONFIG", "SET", "shutdown-on-sigint", "later"))
                    .contains("must be one of the following: default, save, nosave, now, force");
            assertThat(client.call("CONFIG", "SET", "shutdown-on-sigint", "FORCE now save"))
                    .isEqualTo("OK");
            assertThat(client.call("CONFIG", "GET", "shutdown-on-sigint"))
                    .isEqualTo("shutdown-on-sigint save now force");
            server.shutdown().signal(Shutdown.Signal.TERM);
            assertThat(client.isEnded()).isTrue();
        }
        assertThat(dump()).doesNotExist();
    }

    @Test
    void aSignalThatHasNoEffectYetCanBeTakenBack() throws Exception {
        try (Server server = start("--enable-debug-command", "yes");
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("DEBUG", "PAUSE-CRON", "1")).isEqualTo("OK");
            server.shutdown().signal(Shutdown.Signal.TERM);
            assertThat(call(client, "ABORT")).isEqualTo("OK");
            assertThat(call(client, "ABORT")).isEqualTo("-ERR No shutdown in progress.");
            server.shutdown().signal(Shutdown.Signal.TERM);
            assertThat(client.call("DEBUG", "PAUSE-CRON", "0")).isEqualTo("OK");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void signalsWaitForClientsWhenTheyAreSoft() throws Exception {
        try (Server server = start("--soft-shutdown", "yes");
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("PING")).isEqualTo("PONG");
            server.shutdown().signal(Shutdown.Signal.TERM);
            assertThat(client.call("PING")).isEqualTo(PENDING);
            assertThat(client.call("SET", "k", "v")).isEqualTo("OK");
            server.shutdown().signal(Shutdown.Signal.TERM);
            assertThat(client.isEnded()).isTrue();
        }
        assertThat(dump()).exists();
    }

    private Server start(String... more) throws Exception {
        String[] all = new String[more.length + 2];
        all[0] = "--dir";
        all[1] = folder.toString();
        System.arraycopy(more, 0, all, 2, more.length);
        return TestServers.start(all);
    }

    private Path dump() {
        return folder.resolve("dump.rdb");
    }

    private void endsWith(String... options) throws Exception {
        try (Server server = start();
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "k", "v");
            shutDown(client, options);
        }
    }

    private static void shutDown(TestClient client, String... options) throws IOException {
        client.send(words(options));
        assertThat(client.isEnded()).isTrue();
    }

    private static String call(TestClient client, String... options) throws IOException {
        return client.call(words(options));
    }

    private static String[] words(String... options) {
        String[] words = new String[options.length + 1];
        words[0] = "SHUTDOWN";
        System.arraycopy(options, 0, words, 1, options.length);
        return words;
    }

    /** A reader that never says what it has. */
    private static TestClient laggingReplica(Server server) throws IOException {
        TestClient replica = new TestClient(server.port());
        replica.call("REPLCONF", "listening-port", "1");
        replica.send("PSYNC", "?", "-1");
        try (TestClient other = new TestClient(server.port())) {
            awaitInfo(other, "replication", "connected_slaves:1");
        }
        return replica;
    }

    private static void awaitInfo(TestClient client, String section, String line)
            throws IOException {
        while (!client.call("INFO", section).contains(line)) {
            Thread.onSpinWait();
        }
    }
}
