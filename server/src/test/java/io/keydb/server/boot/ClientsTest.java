package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CLIENT over real connections, and connections whose command runs on a worker. */
class ClientsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // the engine of the tests sets it
    private Path directory;

    @Test
    void connectionsAreListedByFilter() throws Exception {
        try (Server server = TestServers.start();
                TestClient first = new TestClient(server.port());
                TestClient second = new TestClient(server.port())) {
            String firstId = first.call("CLIENT", "ID");
            String secondId = second.call("CLIENT", "ID");
            first.call("CLIENT", "SETNAME", "one");
            assertThat(first.call("CLIENT", "LIST").lines()).hasSize(2);
            assertThat(first.call("CLIENT", "LIST", "TYPE", "normal").lines()).hasSize(2);
            assertThat(first.call("CLIENT", "LIST", "TYPE", "replica")).isEmpty();
            String listed = first.call("CLIENT", "LIST", "ID", secondId, "99999", firstId);
            assertThat(listed.lines().map(line -> line.split(" ", -1)[0]))
                    .containsExactly("id=" + secondId, "id=" + firstId);
            assertThat(listed).contains(" name=one ", "laddr=127.0.0.1:" + server.port() + " ");
        }
    }

    @Test
    void connectionsAreClosedByFilter() throws Exception {
        try (Server server = TestServers.start();
                TestClient killer = new TestClient(server.port())) {
            String own = killer.call("CLIENT", "ID");
            for (String filter : new String[] {"ID", "ADDR", "LADDR", "USER", "TYPE"}) {
                try (TestClient victim = new TestClient(server.port())) {
                    String id = victim.call("CLIENT", "ID");
                    String value =
                            switch (filter) {
                                case "ID" -> id;
                                case "ADDR" -> field(victim.call("CLIENT", "INFO"), "addr");
                                case "LADDR" -> "127.0.0.1:" + server.port();
                                case "USER" -> "default";
                                default -> "normal";
                            };
                    assertThat(killer.call("CLIENT", "KILL", filter, value))
                            .as(filter)
                            .isEqualTo("1");
                    assertThat(victim.isEnded()).as(filter).isTrue();
                }
            }
            assertThat(killer.call("CLIENT", "KILL", "ID", own, "SKIPME", "yes")).isEqualTo("0");
            assertThat(killer.call("CLIENT", "KILL", "ID", own, "SKIPME", "no")).isEqualTo("1");
            assertThat(killer.isEnded()).isTrue();
        }
    }

    @Test
    void whoSeesTheEndOfAConnectionFindsItsClientGone() throws Exception {
        try (Server server = TestServers.start("--server-threads", "3");
                TestClient observer = new TestClient(server.port())) {
            for (int round = 0; round < 100; round++) {
                try (TestClient leaving = new TestClient(server.port())) {
                    leaving.call("SUBSCRIBE", "a");
                    leaving.call("QUIT");
                    assertThat(leaving.isEnded()).isTrue();
                    assertThat(observer.call("PUBSUB", "CHANNELS")).isEmpty();
                    assertThat(observer.call("CLIENT", "LIST").lines()).hasSize(1);
                }
            }
        }
    }

    @Test
    void aKilledClientTakesNothingThatItWaitedFor() throws Exception {
        try (Server server = TestServers.start("--server-threads", "3");
                TestClient killer = new TestClient(server.port())) {
            for (int round = 1; round <= 50; round++) {
                try (TestClient waiting = new TestClient(server.port())) {
                    String id = waiting.call("CLIENT", "ID");
                    waiting.send("BLPOP", "list", "0");
                    untilBlocked(killer, 1);
                    killer.call("CLIENT", "KILL", "ID", id);
                    assertThat(killer.call("RPUSH", "list", "x")).isEqualTo("1");
                    assertThat(killer.call("LPOP", "list")).isEqualTo("x");
                    assertThat(waiting.isEnded()).isTrue();
                }
            }
        }
    }

    @Test
    void aProtocolChosenWithinATransactionOnAWorkerHolds() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "k", "v");
            client.call("MULTI");
            client.call("KEYS", "*");
            client.call("HELLO", "3");
            assertThat(client.call("EXEC")).startsWith("k server redis");
            assertThat(client.call("GET", "none")).as("null of RESP3").isEmpty();
        }
    }

    @Test
    void aConnectionMayEndWhileItsTransactionRunsOnAWorker() throws Exception {
        try (Server server = TestServers.start("--enable-debug-command", "yes");
                TestClient other = new TestClient(server.port())) {
            for (int i = 0; i < 5; i++) {
                try (TestClient leaving = new TestClient(server.port())) {
                    leaving.call("WATCH", "k");
                    leaving.call("MULTI");
                    leaving.call("SET", "k", "v" + i);
                    leaving.call("DEBUG", "SLEEP", "0.2");
                    leaving.call("KEYS", "*");
                    leaving.send("EXEC");
                }
            }
            assertThat(other.call("PING")).as("its loop goes on").isEqualTo("PONG");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            // which of them come through depends on who changes the watched key first
            while (!other.call("GET", "k").startsWith("v") && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
            assertThat(other.call("GET", "k")).startsWith("v");
            while (other.call("CLIENT", "LIST").lines().count() > 1
                    && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
            assertThat(other.call("CLIENT", "LIST").lines()).hasSize(1);
        }
    }

    @Test
    void whoWaitsForTheEndOfAPauseGoesOnInOrderOfArrival() throws Exception {
        try (Server server = TestServers.start("--server-threads", "3");
                TestClient control = new TestClient(server.port())) {
            control.call("CLIENT", "PAUSE", "100000", "WRITE");
            List<TestClient> waiting = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                TestClient client = new TestClient(server.port());
                waiting.add(client);
                client.sendInline("RPUSH order " + i, "RPUSH order " + i);
                untilBlocked(control, i + 1);
            }
            assertThat(control.call("EXISTS", "order")).isEqualTo("0");
            control.call("CLIENT", "UNPAUSE");
            StringJoiner order = new StringJoiner(" ");
            for (int i = 0; i < 30; i++) {
                try (TestClient client = waiting.get(i)) {
                    assertThat(client.reply()).isEqualTo(Integer.toString(2 * i + 1));
                    assertThat(client.reply()).isEqualTo(Integer.toString(2 * i + 2));
                }
                order.add(i + " " + i);
            }
            assertThat(control.call("LRANGE", "order", "0", "-1")).isEqualTo(order.toString());
            untilBlocked(control, 0);
        }
    }

    @Test
    void whoLeavesDuringAPauseIsForgotten() throws Exception {
        try (Server server = TestServers.start();
                TestClient control = new TestClient(server.port())) {
            control.call("CLIENT", "PAUSE", "100000", "WRITE");
            try (TestClient stays = new TestClient(server.port())) {
                try (TestClient leaves = new TestClient(server.port())) {
                    leaves.send("SET", "left", "1");
                    untilBlocked(control, 1);
                    stays.send("SET", "stays", "1");
                    untilBlocked(control, 2);
                }
                untilBlocked(control, 1);
                control.call("CLIENT", "UNPAUSE");
                assertThat(stays.reply()).isEqualTo("OK");
            }
            assertThat(control.call("EXISTS", "left", "stays")).isEqualTo("1");
        }
    }

    @Test
    void aPausedReplicaTakesTheStreamInAndAppliesItAfterwards() throws Exception {
        try (Server primary = TestServers.start();
                Server replica =
                        TestServers.start(
                                "--replicaof",
                                "127.0.0.1 " + primary.port(),
                                "--dir",
                                directory.toString());
                TestClient writer = new TestClient(primary.port());
                TestClient reader = new TestClient(replica.port())) {
            writer.call("SET", "k", "1");
            until(() -> reader.call("GET", "k").equals("1"));
            reader.call("CLIENT", "PAUSE", "100000", "WRITE");
            String applied = offset(reader, "slave_repl_offset");
            writer.call("SET", "k", "2");
            until(
                    () ->
                            !offset(reader, "slave_read_repl_offset").equals(applied)
                                    && offset(reader, "slave_read_repl_offset")
                                            .equals(offset(writer, "master_repl_offset")));
            assertThat(offset(reader, "slave_repl_offset")).isEqualTo(applied);
            assertThat(reader.call("GET", "k")).isEqualTo("1");
            reader.call("CLIENT", "UNPAUSE");
            until(() -> reader.call("GET", "k").equals("2"));
        }
    }

    private static String offset(TestClient client, String field) throws Exception {
        String info = client.call("INFO", "replication");
        int start = info.indexOf(field + ":") + field.length() + 1;
        return info.substring(start, info.indexOf('\r', start));
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private static void untilBlocked(TestClient control, int clients) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!control.call("INFO", "clients").contains("blocked_clients:" + clients + "\r")) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private static String field(String line, String name) {
        for (String pair : line.split(" ", -1)) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        throw new AssertionError(name + " in " + line);
    }
}
