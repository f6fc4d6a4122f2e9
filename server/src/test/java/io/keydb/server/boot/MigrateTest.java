package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** MIGRATE from one server to another, and to such that answer badly or not at all. */
@SuppressWarnings("NullAway.Init") // begin() sets all fields
class MigrateTest {
    private static final String HOST = "127.0.0.1";
    private static final String LATE = "200";
    private static final String ENOUGH = "10000";

    private Server from;
    private Server to;
    private TestClient source;
    private TestClient target;

    @BeforeEach
    void begin() throws Exception {
        from = TestServers.start();
        to = TestServers.start();
        source = new TestClient(from.port());
        target = new TestClient(to.port());
    }

    @AfterEach
    void end() throws IOException {
        source.close();
        target.close();
        from.close();
        to.close();
    }

    @Test
    void aKeyMoves() throws Exception {
        source.call("SET", "k", "v");
        assertThat(migrate("k", "3")).isEqualTo("OK");
        assertThat(source.call("EXISTS", "k")).isEqualTo("0");
        target.call("SELECT", "3");
        assertThat(target.call("GET", "k")).isEqualTo("v");
        assertThat(target.call("PTTL", "k")).isEqualTo("-1");
    }

    @Test
    void valuesOfAllTypesMove() throws Exception {
        source.call("RPUSH", "list", "a", "b", "1");
        source.call("SADD", "set", "a", "2");
        source.call("HSET", "hash", "f", "v");
        source.call("ZADD", "sorted", "1.5", "a");
        source.call("XADD", "stream", "1-1", "f", "v");
        source.call("SET", "big", "x".repeat(1_000_000));
        String[] keys = {"list", "set", "hash", "sorted", "stream", "big"};
        List<String> digests = new ArrayList<>();
        for (String key : keys) {
            digests.add(source.call("DEBUG", "DIGEST-VALUE", key));
        }
        List<String> request =
                new ArrayList<>(
                        List.of("MIGRATE", HOST, port(to), "", "0", ENOUGH, "KEYS", "missing"));
        request.addAll(Arrays.asList(keys));
        assertThat(source.call(request.toArray(String[]::new))).isEqualTo("OK");
        assertThat(source.call("DBSIZE")).isEqualTo("0");
        for (int i = 0; i < keys.length; i++) {
            assertThat(target.call("DEBUG", "DIGEST-VALUE", keys[i])).isEqualTo(digests.get(i));
        }
    }

    @Test
    void theTimeToLiveMovesAlong() throws Exception {
        source.call("SET", "k", "v", "PX", "100000");
        assertThat(migrate("k", "0")).isEqualTo("OK");
        assertThat(Long.parseLong(target.call("PTTL", "k"))).isBetween(1L, 100_000L);
    }

    @Test
    void aCopyStays() throws Exception {
        source.call("SET", "k", "v");
        assertThat(migrate("k", "0", "COPY")).isEqualTo("OK");
        assertThat(source.call("GET", "k")).isEqualTo("v");
        assertThat(target.call("GET", "k")).isEqualTo("v");
    }

    @Test
    void aKeyThatIsThereIsReplacedOnlyWhenAskedFor() throws Exception {
        source.call("MSET", "k", "new", "other", "1");
        target.call("SET", "k", "old");
        assertThat(migrate("", "0", "KEYS", "k", "other"))
                .isEqualTo(
                        "-ERR Target instance replied with error: BUSYKEY Target key name already"
                                + " exists.");
        assertThat(source.call("MGET", "k", "other")).isEqualTo("new (nil)");
        assertThat(target.call("MGET", "k", "other")).isEqualTo("old 1");
        assertThat(migrate("k", "0", "REPLACE")).isEqualTo("OK");
        assertThat(source.call("EXISTS", "k")).isEqualTo("0");
        assertThat(target.call("GET", "k")).isEqualTo("new");
    }

    @Test
    void aDatabaseThatIsNotThereRefuses() throws Exception {
        source.call("SET", "k", "v");
        assertThat(migrate("k", "99"))
                .isEqualTo("-ERR Target instance replied with error: ERR DB index is out of range");
        assertThat(source.call("GET", "k")).isEqualTo("v");
        assertThat(migrate("k", "0", "REPLACE")).isEqualTo("OK");
        assertThat(source.call("EXISTS", "k")).isEqualTo("0");
    }

    @Test
    void usersAndPasswordsAreSentAndNeverTold() throws Exception {
        target.call("ACL", "SETUSER", "mover", "on", ">hidden2", "+@all", "~*");
        target.call("CONFIG", "SET", "requirepass", "hidden1");
        source.call("CONFIG", "SET", "slowlog-log-slower-than", "0");
        source.call("MSET", "a", "1", "b", "2");
        try (TestClient monitor = new TestClient(from.port())) {
            monitor.call("MONITOR");
            assertThat(migrate("a", "0"))
                    .isEqualTo(
                            "-ERR Target instance replied with error: NOAUTH Authentication"
                                    + " required.");
            assertThat(migrate("a", "0", "AUTH", "hidden0")).contains("WRONGPASS");
            assertThat(source.call("MGET", "a", "b")).isEqualTo("1 2");
            assertThat(migrate("a", "0", "AUTH", "hidden1")).isEqualTo("OK");
            assertThat(migrate("", "0", "AUTH2", "mover", "hidden2", "KEYS", "b")).isEqualTo("OK");
            assertThat(target.call("AUTH", "hidden1")).isEqualTo("OK");
            assertThat(target.call("MGET", "a", "b")).isEqualTo("1 2");
            source.call("ECHO", "end");
            String seen = "";
            StringBuilder told = new StringBuilder();
            while (!seen.contains("\"end\"")) {
                seen = monitor.reply();
                told.append(seen);
            }
            assertThat(told)
                    .contains("\"AUTH2\" \"(redacted)\" \"(redacted)\" \"KEYS\" \"b\"")
                    .doesNotContain("hidden");
        }
        assertThat(source.call("SLOWLOG", "GET", "-1"))
                .contains("AUTH (redacted)", "AUTH2 (redacted) (redacted) KEYS b")
                .doesNotContain("hidden");
    }

    @Test
    void replicasAreToldOfTheRemovalOnly() throws Exception {
        source.call("MSET", "a", "1", "b", "2", "c", "3");
        try (TestClient replica = new TestClient(from.port())) {
            replica.send("SYNC");
            replica.skipPayload();
            migrate("a", "0", "COPY");
            migrate("", "0", "REPLACE", "KEYS", "missing", "a", "c");
            source.call("SET", "end", "1");
            assertThat(replica.reply()).isEqualTo("SELECT 0");
            assertThat(replica.reply()).isEqualTo("DEL a c");
            assertThat(replica.reply()).isEqualTo("SET end 1");
        }
    }

    @Test
    void removalsAreToldAsEvents() throws Exception {
        source.call("CONFIG", "SET", "notify-keyspace-events", "KEA");
        source.call("SET", "k", "v");
        try (TestClient listener = new TestClient(from.port())) {
            listener.call("SUBSCRIBE", "__keyspace@0__:k");
            migrate("k", "0", "COPY");
            migrate("k", "0", "REPLACE");
            assertThat(listener.reply()).isEqualTo("message __keyspace@0__:k del");
        }
    }

    @Test
    void transactionsAndScriptsMoveKeys() throws Exception {
        source.call("MSET", "a", "1", "b", "2");
        source.call("MULTI");
        migrate("a", "0");
        source.call("EXISTS", "a");
        assertThat(source.call("EXEC")).isEqualTo("OK 0");
        String script = "return redis.call('MIGRATE', ARGV[1], ARGV[2], KEYS[1], 0, ARGV[3])";
        assertThat(source.call("EVAL", script, "1", "b", HOST, port(to), ENOUGH)).isEqualTo("OK");
        assertThat(target.call("MGET", "a", "b")).isEqualTo("1 2");
        assertThat(source.call("DBSIZE")).isEqualTo("0");
    }

    @Test
    void theConnectionIsKept() throws Exception {
        assertThat(source.call("INFO", "stats")).contains("migrate_cached_sockets:0");
        source.call("MSET", "a", "1", "b", "2", "c", "3");
        String before = counter("total_connections_received");
        migrate("a", "0");
        String once = counter("total_connections_received");
        migrate("b", "0");
        assertThat(before).isNotEqualTo(once);
        assertThat(counter("total_connections_received")).isEqualTo(once);
        assertThat(source.call("INFO", "stats")).contains("migrate_cached_sockets:1");
        target.call("CLIENT", "KILL", "SKIPME", "yes");
        assertThat(migrate("c", "0")).isEqualTo("OK"); // on a new one
        assertThat(target.call("MGET", "a", "b", "c")).isEqualTo("1 2 3");
    }

    @Test
    void theConnectionComesFromWhereTheDirectiveSays() throws Exception {
        source.call("CONFIG", "SET", "bind-source-addr", "127.0.0.3");
        source.call("SET", "k", "v");
        assertThat(migrate("k", "0")).isEqualTo("OK");
        assertThat(target.call("CLIENT", "LIST")).contains(" addr=127.0.0.3:");
    }

    @Test
    void aServerThatDoesNotAnswerIsGivenUp() throws Exception {
        source.call("SET", "k", "v");
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            String port = Integer.toString(silent.getLocalPort());
            assertThat(source.call("MIGRATE", HOST, port, "k", "0", LATE))
                    .isEqualTo("-IOERR error or timeout reading from target instance");
            source.call("SET", "huge", randomText(20_000_000));
            assertThat(source.call("MIGRATE", HOST, port, "huge", "0", LATE))
                    .isEqualTo("-IOERR error or timeout writing to target instance");
        }
        assertThat(source.call("GET", "k")).isEqualTo("v");
        assertThat(source.call("INFO", "stats")).contains("migrate_cached_sockets:0");
    }

    @Test
    void whatWasNotAcknowledgedStays() throws Exception {
        source.call("MSET", "a", "1", "b", "2");
        try (ServerSocket half = new ServerSocket(0, 1, InetAddress.getByName(HOST));
                ExecutorService server =
                        Executors.newSingleThreadExecutor(
                                Thread.ofPlatform().name("half-", 0).factory())) {
            Future<?> answered = server.submit(() -> answerHalf(half));
            String port = Integer.toString(half.getLocalPort());
            assertThat(source.call("MIGRATE", HOST, port, "", "0", ENOUGH, "KEYS", "a", "b"))
                    .isEqualTo("-IOERR error or timeout reading from target instance");
            answered.get();
        }
        assertThat(source.call("MGET", "a", "b")).isEqualTo("(nil) 2");
    }

    /** Reads SELECT and two RESTOREs, answers all but the last, and closes. */
    private static Void answerHalf(ServerSocket listening) throws IOException {
        try (Socket socket = listening.accept()) {
            StringBuilder received = new StringBuilder();
            while (received.toString().split("RESTORE", -1).length < 3) {
                received.append((char) socket.getInputStream().read());
            }
            socket.getOutputStream().write("+OK\r\n+OK\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
        return null;
    }

    /** Text that cannot be packed. */
    private static String randomText(int length) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(length);
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = (byte) (' ' + random.nextInt('~' - ' '));
        }
        return new String(text, StandardCharsets.US_ASCII);
    }

    private String counter(String name) throws IOException {
        return target.call("INFO", "stats")
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .findFirst()
                .orElseThrow();
    }

    private String migrate(String key, String database, String... options) throws IOException {
        List<String> request =
                new ArrayList<>(List.of("MIGRATE", HOST, port(to), key, database, ENOUGH));
        request.addAll(List.of(options));
        return source.call(request.toArray(String[]::new));
    }

    private static String port(Server server) {
        return Integer.toString(server.port());
    }
}
