package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keydb.server.config.Configuration;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Whole servers in this process: start, administration over the wire, metrics, stop. */
class ServerTest {

    @Test
    void severalServersRunInOneProcess() throws Exception {
        try (Server first = TestServers.start();
                Server second = TestServers.start();
                TestClient ofFirst = new TestClient(first.port());
                TestClient ofSecond = new TestClient(second.port())) {
            assertThat(ofFirst.call("SET", "a", "1")).isEqualTo("OK");
            assertThat(ofSecond.call("GET", "a")).isEqualTo("(nil)");
            assertThat(first.port()).isNotEqualTo(second.port());
        }
    }

    @Test
    void infoTellsTheTruth() throws Exception {
        try (Server server = TestServers.start("--maxmemory", "100mb", "--databases", "4");
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "a", "1");
            client.call("SET", "b", "1", "PX", "100000");
            client.call("GET", "a");
            client.call("GET", "none");
            client.call("NOSUCH");
            Map<String, String> info = info(client, "everything");
            assertThat(info)
                    .containsEntry("redis_version", "7.2.4")
                    .containsEntry("tcp_port", Integer.toString(server.port()))
                    .containsEntry("connected_clients", "1")
                    .containsEntry("maxmemory", Long.toString(100 << 20))
                    .containsEntry("maxmemory_human", "100.00M")
                    .containsEntry("rdb_changes_since_last_save", "2")
                    .containsEntry("total_connections_received", "1")
                    .containsEntry("total_commands_processed", "4")
                    .containsEntry("keyspace_hits", "1")
                    .containsEntry("keyspace_misses", "1")
                    .containsEntry("errorstat_ERR", "count=1")
                    .containsEntry("cluster_enabled", "0");
            assertThat(info.get("run_id")).matches("[0-9a-f]{40}");
            assertThat(info.get("db0")).matches("keys=2,expires=1,avg_ttl=9\\d{4}");
            assertThat(info.get("cmdstat_set")).startsWith("calls=2,usec=");
            assertThat(Long.parseLong(info.get("used_memory"))).isPositive();
            assertThat(Long.parseLong(info.get("used_memory_rss"))).isGreaterThan(10 << 20);
            assertThat(Long.parseLong(info.get("total_net_input_bytes"))).isGreaterThan(100);
        }
    }

    @Test
    void infoShowsTheSectionsAskedFor() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("INFO", "nosuch")).isEmpty();
            assertThat(client.call("INFO", "CLUSTER"))
                    .isEqualTo("# Cluster\r\ncluster_enabled:0\r\n");
            assertThat(client.call("INFO", "cluster", "cpu"))
                    .startsWith("# CPU\r\n")
                    .contains("\r\n\r\n# Cluster\r\n");
            assertThat(client.call("INFO")).contains("# Modules").doesNotContain("# Commandstats");
            assertThat(client.call("INFO", "all")).contains("# Commandstats");
        }
    }

    @Test
    void resetstatSetsTheCountersToZero() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            client.call("GET", "none");
            client.call("NOSUCH");
            assertThat(client.call("CONFIG", "RESETSTAT")).isEqualTo("OK");
            Map<String, String> info = info(client, "everything");
            assertThat(info)
                    .containsEntry("keyspace_misses", "0")
                    .containsEntry("total_error_replies", "0")
                    .doesNotContainKey("cmdstat_get")
                    .doesNotContainKey("errorstat_ERR");
            assertThat(Long.parseLong(info.get("total_net_input_bytes"))).isLessThan(100);
        }
    }

    @Test
    void configIsReadByNamePatternAndAlias() throws Exception {
        try (Server server = TestServers.start("--server-threads", "1");
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("CONFIG", "GET", "HZ", "io-thread?", "hz"))
                    .isEqualTo("HZ 10 io-threads 1");
            assertThat(client.call("CONFIG", "GET", "nosuch")).isEmpty();
            assertThat(client.call("CONFIG", "GET"))
                    .isEqualTo("-ERR wrong number of arguments for 'config|get' command");
            assertThat(client.call("CONFIG", "REWRITE"))
                    .isEqualTo("-ERR The server is running without a config file");
        }
    }

    @Test
    void configSetChangesWhatItSays() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("CONFIG", "SET", "maxmemory", "1kb", "hz", "20"))
                    .isEqualTo("OK");
            assertThat(client.call("SET", "a", "b"))
                    .isEqualTo("-OOM command not allowed when used memory > 'maxmemory'.");
            assertThat(client.call("CONFIG", "SET", "maxmemory", "0", "hz", "x"))
                    .isEqualTo(
                            "-ERR CONFIG SET failed (possibly related to argument 'hz') - argument"
                                    + " couldn't be parsed into an integer");
            assertThat(client.call("CONFIG", "GET", "maxmemory")).isEqualTo("maxmemory 1024");
            assertThat(client.call("CONFIG", "SET", "hz", "1", "hz"))
                    .isEqualTo("-ERR syntax error");
            int port = server.port();
            assertThat(client.call("CONFIG", "SET", "port", "0")).isEqualTo("OK");
            assertThatThrownBy(() -> new TestClient(port)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void aTakenPortIsRefusedAndTheFormerOneStays() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port());
                ServerSocket taken =
                        new ServerSocket(0, 1, server.addresses().getFirst().getAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThat(client.call("CONFIG", "SET", "port", port))
                    .isEqualTo(
                            "-ERR CONFIG SET failed (possibly related to argument 'port') - Unable"
                                    + " to listen on this port. Check server logs.");
            try (TestClient second = new TestClient(server.port())) {
                assertThat(second.call("PING")).isEqualTo("PONG");
            }
        }
    }

    @Test
    void someConnectionsAreKeptForThisMachine() throws Exception {
        Optional<InetAddress> outside =
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .filter(address -> address instanceof Inet4Address)
                        .filter(address -> !address.isLoopbackAddress())
                        .findFirst();
        assumeTrue(outside.isPresent(), "needs an address besides the loopback");
        InetAddress other = outside.get();
        try (Server server =
                        TestServers.start(
                                "--bind",
                                "0.0.0.0",
                                "--protected-mode",
                                "no",
                                "--maxclients",
                                "3",
                                "--maxclients-reserved",
                                "1");
                TestClient first = new TestClient(other, server.port());
                TestClient second = new TestClient(other, server.port())) {
            assertThat(first.call("PING")).isEqualTo("PONG");
            assertThat(second.call("PING")).isEqualTo("PONG");
            try (TestClient refused = new TestClient(other, server.port())) {
                assertThat(refused.reply()).isEqualTo("-ERR max number of clients reached");
            }
            try (TestClient local = new TestClient(server.port());
                    TestClient refused = new TestClient(server.port())) {
                assertThat(local.call("PING")).isEqualTo("PONG");
                assertThat(refused.reply()).isEqualTo("-ERR max number of clients reached");
            }
        }
    }

    @Test
    void theZoneIsToldWhenItIsKnown() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("HELLO", "3")).doesNotContain("availability_zone");
            assertThat(client.call("CONFIG", "SET", "availability-zone", "eu-west-1a"))
                    .isEqualTo("OK");
            assertThat(client.call("HELLO", "3"))
                    .contains("role master availability_zone eu-west-1a modules");
            assertThat(client.call("INFO", "server")).contains("availability_zone:eu-west-1a\r\n");
        }
    }

    @Test
    void aServerThatCannotListenLeavesNothingBehind() throws Exception {
        try (Server first = TestServers.start()) {
            String port = Integer.toString(first.port());
            assertThatThrownBy(
                            () ->
                                    Server.start(
                                            TestServers.configuration("--port", port),
                                            Server.Origin.EMBEDDED,
                                            Host.EMBEDDED))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1")
                    .hasMessageContaining(port)
                    .hasMessageContaining("Address already in use");
        }
    }

    @Test
    void aPasswordIsAskedForAndTakenAway() throws Exception {
        try (Server server = TestServers.start("--requirepass", "secret");
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("GET", "a")).isEqualTo("-NOAUTH Authentication required.");
            assertThat(client.call("AUTH", "wrong")).startsWith("-WRONGPASS");
            assertThat(client.call("AUTH", "default", "secret")).isEqualTo("OK");
            assertThat(client.call("CONFIG", "SET", "requirepass", "")).isEqualTo("OK");
            try (TestClient second = new TestClient(server.port())) {
                assertThat(second.call("PING")).isEqualTo("PONG");
            }
        }
    }

    @Test
    void tooManyClientsAreRefused() throws Exception {
        try (Server server = TestServers.start("--maxclients", "1");
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("PING")).isEqualTo("PONG");
            try (TestClient second = new TestClient(server.port())) {
                assertThat(second.reply()).isEqualTo("-ERR max number of clients reached");
                assertThat(second.isEnded()).isTrue();
            }
            assertThat(info(client, "stats")).containsEntry("rejected_connections", "1");
        }
    }

    @Test
    void protectedModeRefusesOtherMachines() throws Exception {
        InetAddress outside = outsideAddress();
        try (Server server = TestServers.start("--bind", outside.getHostAddress())) {
            try (TestClient client = new TestClient(outside, server.port())) {
                assertThat(client.reply()).startsWith("-DENIED Redis is running in protected mode");
                assertThat(client.isEnded()).isTrue();
            }
            server.configuration()
                    .change(List.of(new Configuration.Assignment("requirepass", "secret")));
            try (TestClient client = new TestClient(outside, server.port())) {
                assertThat(client.call("AUTH", "secret")).isEqualTo("OK");
            }
        }
    }

    /** An address of this machine that is not the loopback's. */
    private static InetAddress outsideAddress() throws IOException {
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress address : Collections.list(each.getInetAddresses())) {
                if (address instanceof Inet4Address && !address.isLoopbackAddress()) {
                    return address;
                }
            }
        }
        return Assumptions.abort("this machine has the loopback address only");
    }

    @Test
    void debugNeedsPermission() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("DEBUG", "SLEEP", "0"))
                    .startsWith("-ERR DEBUG command not allowed");
        }
        try (Server server = TestServers.start("--enable-debug-command", "local");
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("DEBUG", "SLEEP", "0")).isEqualTo("OK");
        }
    }

    @Test
    void debugPopulateAddsKeysThatAreMissing() throws Exception {
        try (Server server = TestServers.start("--enable-debug-command", "yes");
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "key:1", "mine");
            assertThat(client.call("DEBUG", "POPULATE", "1000")).isEqualTo("OK");
            assertThat(client.call("DEBUG", "POPULATE", "2", "long", "9")).isEqualTo("OK");
            assertThat(client.call("DBSIZE")).isEqualTo("1002");
            assertThat(client.call("GET", "key:1")).isEqualTo("mine");
            assertThat(client.call("GET", "key:999")).isEqualTo("value:999");
            assertThat(client.call("GET", "long:1")).isEqualTo("value:1\0\0");
            assertThat(client.call("DEBUG", "POPULATE", "-1"))
                    .isEqualTo("-ERR value is out of range, must be positive");
            assertThat(client.call("DEBUG", "NOSUCH"))
                    .isEqualTo(
                            "-ERR unknown subcommand or wrong number of arguments for 'NOSUCH'."
                                    + " Try DEBUG HELP.");
        }
    }

    @Test
    void expiredKeysGoWithoutBeingAskedFor() throws Exception {
        try (Server server = TestServers.start("--enable-debug-command", "yes", "--hz", "100");
                TestClient client = new TestClient(server.port())) {
            client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            client.call("SET", "a", "1", "PX", "1");
            awaitClockPast(client, 20);
            assertThat(client.call("DBSIZE")).isEqualTo("1");
            client.call("DEBUG", "SET-ACTIVE-EXPIRE", "1");
            for (int i = 0; i < 1000 && !client.call("DBSIZE").equals("0"); i++) {
                awaitClockPast(client, 10);
            }
            assertThat(client.call("DBSIZE")).isEqualTo("0");
            assertThat(info(client, "stats")).containsEntry("expired_keys", "1");
        }
    }

    private static void awaitClockPast(TestClient client, int millis) throws IOException {
        client.call("DEBUG", "SLEEP", Double.toString(millis / 1000.0));
    }

    @Test
    void timeIsTheTimeOfTheClock() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            long before = System.currentTimeMillis();
            String[] time = client.call("TIME").split(" ");
            long millis = Long.parseLong(time[0]) * 1000 + Long.parseLong(time[1]) / 1000;
            assertThat(millis).isBetween(before, System.currentTimeMillis());
        }
    }

    @Test
    void probesAndMetricsAnswerOverHttp() throws Exception {
        int port = freePort();
        try (Server server =
                        TestServers.start(
                                "--management-port",
                                Integer.toString(port),
                                "--management-bind",
                                "127.0.0.1");
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "a", "1");
            assertThat(get(port, "/health/live").statusCode()).isEqualTo(200);
            assertThat(get(port, "/health/ready").statusCode()).isEqualTo(200);
            assertThat(get(port, "/metrics").body())
                    .contains("\nredis_connected_clients 1\n")
                    .contains("\nredis_commands_total{cmd=\"set\"} 1\n")
                    .contains("\nredis_db_keys{db=\"db0\"} 1\n")
                    .contains("# TYPE redis_keyspace_hits_total counter\n");
        }
    }

    @Test
    void stoppingAnswersWhatClientsHaveSent() throws Exception {
        Server server = TestServers.start("--enable-debug-command", "yes");
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            TestClient client = new TestClient(server.port());
            assertThat(client.call("PING")).isEqualTo("PONG");
            clients.add(client);
        }
        clients.getFirst().sendInline("PING", "DEBUG SLEEP 0.3");
        assertThat(clients.getFirst().reply()).as("both have arrived").isEqualTo("PONG");
        int port = server.port();
        server.stop(5000);
        assertThat(clients.getFirst().reply()).isEqualTo("OK");
        for (TestClient client : clients) {
            assertThat(client.isEnded()).isTrue();
            client.close();
        }
        assertThatThrownBy(() -> new TestClient(port)).isInstanceOf(ConnectException.class);
    }

    private static Map<String, String> info(TestClient client, String section) throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String line : client.call("INFO", section).split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        return fields;
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
