package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Slow log, MONITOR and latencies over real connections. */
class WatchingTest {
    @Test
    void aMonitorSeesEveryCommandOfEveryEventLoopInTheOrderOfItsKey() throws Exception {
        int clients = 4;
        int increments = 200;
        try (Server server = TestServers.start("--server-threads", "2");
                TestClient monitor = new TestClient(server.port())) {
            assertThat(monitor.call("MONITOR")).isEqualTo("OK");
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                threads.add(Thread.ofPlatform().start(() -> increment(server, increments)));
            }
            long last = 0;
            for (int i = 0; i < clients * increments; i++) {
                String line = monitor.reply();
                assertThat(line).contains("\"INCRBY\" \"counter\" \"1\"");
                long micros = Long.parseLong(line.substring(0, line.indexOf(' ')).replace(".", ""));
                assertThat(micros).isGreaterThanOrEqualTo(last - 1_000_000);
                last = micros;
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(monitor.call("RESET")).contains("RESET");
        }
    }

    private static void increment(Server server, int times) {
        try (TestClient client = new TestClient(server.port())) {
            for (int i = 0; i < times; i++) {
                client.call("INCRBY", "counter", "1");
            }
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @Test
    void aMonitorThatHasGoneIsForgotten() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            TestClient monitor = new TestClient(server.port());
            assertThat(monitor.call("MONITOR")).isEqualTo("OK");
            monitor.close();
            while (client.call("CLIENT", "LIST").contains("flags=O")) {
                Thread.onSpinWait();
            }
            assertThat(client.call("SET", "a", "1")).isEqualTo("OK");
        }
    }

    @Test
    void askingTwiceChangesNothing() throws Exception {
        try (Server server = TestServers.start();
                TestClient monitor = new TestClient(server.port());
                TestClient client = new TestClient(server.port())) {
            monitor.call("MONITOR");
            monitor.send("MONITOR");
            assertThat(monitor.call("ECHO", "x")).isEqualTo("x");
            client.call("SET", "a", "1");
            assertThat(monitor.reply()).endsWith("\"ECHO\" \"x\"");
            assertThat(monitor.reply()).endsWith("\"SET\" \"a\" \"1\"");
        }
    }

    @Test
    void slowLogCountsEntriesAcrossResets() throws Exception {
        try (Server server = TestServers.start("--slowlog-log-slower-than", "0");
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "a", "1");
            client.call("SLOWLOG", "RESET");
            client.call("SET", "b", "2");
            assertThat(client.call("SLOWLOG", "GET"))
                    .matches("2 \\d+ \\d+ SET b 2 127.0.0.1:\\d+  1 \\d+ \\d+ SLOWLOG RESET .*");
        }
    }

    @Test
    void aCommandThatWaitedInVainIsNoted() throws Exception {
        try (Server server = TestServers.start("--slowlog-log-slower-than", "0");
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("BLPOP", "list", "0.01")).isEqualTo("(nil)");
            assertThat(client.call("SLOWLOG", "GET", "1")).contains(" BLPOP list 0.01 127.0.0.1:");
        }
    }

    @Test
    void secretsAreNotShown() throws Exception {
        try (Server server =
                        TestServers.start(
                                "--slowlog-log-slower-than", "0", "--requirepass", "letmein");
                TestClient client = new TestClient(server.port())) {
            client.call("AUTH", "letmein");
            client.call("AUTH", "default", "letmein");
            client.call("HELLO", "2", "AUTH", "default", "letmein", "SETNAME", "me");
            client.call("CONFIG", "SET", "timeout", "0", "requirepass", "letmein");
            assertThat(client.call("SLOWLOG", "GET"))
                    .doesNotContain("letmein")
                    .contains("timeout 0 requirepass (redacted)")
                    .contains("HELLO 2 AUTH (redacted) (redacted) SETNAME me");
        }
    }

    @Test
    void whatAPrimarySaysIsShownWithItsAddress() throws Exception {
        try (Server primary = TestServers.start();
                Server replica = TestServers.start();
                TestClient writer = new TestClient(primary.port());
                TestClient control = new TestClient(replica.port());
                TestClient monitor = new TestClient(replica.port())) {
            control.call("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
            while (!control.call("INFO", "replication").contains("master_link_status:up")) {
                Thread.onSpinWait();
            }
            monitor.call("MONITOR");
            writer.call("EVAL", "return redis.call('set', 'key', 'v')", "0");
            String line = monitor.reply();
            while (!line.contains("\"key\"")) {
                line = monitor.reply();
            }
            assertThat(line).contains(" 127.0.0.1:" + primary.port() + "] \"set\" \"key\" \"v\"");
        }
    }
}
