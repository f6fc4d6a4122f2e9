package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.persistence.DataFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole servers that write their append-only file and find it again. */
class AppendOnlyFileTest {
    private static final String INCREMENT = "appendonly.aof.1.incr.aof";

    @TempDir
    @SuppressWarnings("NullAway.Init") // the engine of the tests sets it
    private Path directory;

    private Server start(String... more) throws Exception {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--dir",
                                directory.toString(),
                                "--save",
                                "",
                                "--enable-debug-command",
                                "yes",
                                "--appendonly",
                                "yes"));
        arguments.addAll(List.of(more));
        return TestServers.start(arguments.toArray(String[]::new));
    }

    private static void end(Server server) {
        server.close();
    }

    private Path file(String name) {
        return directory.resolve("appendonlydir").resolve(name);
    }

    private static void awaitRewritten(TestClient client) throws Exception {
        String info = client.call("INFO", "persistence");
        while (info.contains("aof_rewrite_in_progress:1")
                || info.contains("aof_rewrite_scheduled:1")) {
            Thread.onSpinWait();
            info = client.call("INFO", "persistence");
        }
    }

    private static void writeSomeOfEverything(TestClient client) throws Exception {
        client.call("SET", "text", "value");
        client.call("SET", "expires", "value", "EX", "1000");
        client.call("SET", "gone", "value", "PX", "1");
        client.call("RPUSH", "list", "a", "b", "c");
        client.call("LPOP", "list");
        client.call("HSET", "hash", "f", "v");
        client.call("SADD", "set", "a", "b", "c");
        client.call("SPOP", "set");
        client.call("ZADD", "sorted", "1.5", "m");
        client.call("SELECT", "3");
        client.call("XADD", "stream", "*", "f", "v");
        client.call("MULTI");
        client.call("INCR", "n");
        client.call("INCR", "n");
        client.call("EXEC");
        client.call("SELECT", "0");
        client.call("INCR", "n");
    }

    @Test
    void whatWasWrittenIsThereAgain() throws Exception {
        String digest;
        Server server = start();
        try (TestClient client = new TestClient(server.port())) {
            writeSomeOfEverything(client);
            while (!client.call("EXISTS", "gone").equals("0")) {
                Thread.onSpinWait();
            }
            digest = client.call("DEBUG", "DIGEST");
            assertThat(client.call("INFO", "persistence"))
                    .contains("aof_enabled:1", "aof_last_write_status:ok");
        }
        end(server);
        try (Server again = start();
                TestClient client = new TestClient(again.port())) {
            assertThat(client.call("DEBUG", "DIGEST")).isEqualTo(digest);
            assertThat(client.call("DEBUG", "LOADAOF")).isEqualTo("OK");
            assertThat(client.call("DEBUG", "DIGEST")).isEqualTo(digest);
            client.call("SET", "more", "x");
            digest = client.call("DEBUG", "DIGEST");
            assertThat(client.call("DEBUG", "LOADAOF")).isEqualTo("OK");
            assertThat(client.call("DEBUG", "DIGEST")).isEqualTo(digest);
        }
    }

    @Test
    void aRewriteKeepsTheData() throws Exception {
        String digest;
        Server server = start();
        try (TestClient client = new TestClient(server.port())) {
            writeSomeOfEverything(client);
            while (!client.call("EXISTS", "gone").equals("0")) {
                Thread.onSpinWait();
            }
            assertThat(client.call("BGREWRITEAOF"))
                    .isEqualTo("Background append only file rewriting started");
            awaitRewritten(client);
            assertThat(file("appendonly.aof.2.base.rdb")).exists();
            assertThat(file("appendonly.aof.1.base.rdb")).doesNotExist();
            assertThat(file(INCREMENT)).doesNotExist();
            client.call("SELECT", "5");
            client.call("SET", "behind", "x");
            digest = client.call("DEBUG", "DIGEST");
        }
        end(server);
        assertThat(Files.readString(file("appendonly.aof.manifest")))
                .isEqualTo(
                        "file appendonly.aof.2.base.rdb seq 2 type b\n"
                                + "file appendonly.aof.2.incr.aof seq 2 type i\n");
        assertThat(Files.readString(file("appendonly.aof.2.incr.aof")))
                .isEqualTo(
                        "*2\r\n$6\r\nSELECT\r\n$1\r\n5\r\n"
                                + "*3\r\n$3\r\nSET\r\n$6\r\nbehind\r\n$1\r\nx\r\n");
        try (Server again = start();
                TestClient client = new TestClient(again.port())) {
            assertThat(client.call("DEBUG", "DIGEST")).isEqualTo(digest);
        }
    }

    @Test
    void itIsSwitchedOnAndOffWhileTheServerRuns() throws Exception {
        Server server = start("--appendonly", "no");
        String digest;
        try (TestClient client = new TestClient(server.port())) {
            client.call("SET", "before", "x");
            assertThat(client.call("CONFIG", "SET", "appendonly", "yes")).isEqualTo("OK");
            client.call("SET", "meanwhile", "x");
            awaitRewritten(client);
            digest = client.call("DEBUG", "DIGEST");
            assertThat(client.call("CONFIG", "SET", "appendonly", "no")).isEqualTo("OK");
            client.call("SET", "afterwards", "x");
            assertThat(client.call("INFO", "persistence")).contains("aof_enabled:0");
        }
        end(server);
        try (Server again = start();
                TestClient client = new TestClient(again.port())) {
            assertThat(client.call("DEBUG", "DIGEST")).isEqualTo(digest);
        }
    }

    @Test
    void theDumpFileIsTheFirstBase() throws Exception {
        try (Server server = start("--appendonly", "no");
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "a", "1");
            client.call("SAVE");
        }
        end(start());
        Files.delete(directory.resolve("dump.rdb"));
        try (Server again = start();
                TestClient client = new TestClient(again.port())) {
            assertThat(client.call("GET", "a")).isEqualTo("1");
        }
    }

    @Test
    void theSingleFileOfOldServersIsTakenOver() throws Exception {
        Files.writeString(
                directory.resolve("appendonly.aof"),
                "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n");
        Server server = start();
        try (TestClient client = new TestClient(server.port())) {
            assertThat(client.call("GET", "a")).isEqualTo("1");
            client.call("SET", "b", "2");
        }
        end(server);
        assertThat(Files.readString(file("appendonly.aof.manifest")))
                .isEqualTo(
                        "file appendonly.aof seq 1 type b\n"
                                + "file appendonly.aof.1.incr.aof seq 1 type i\n");
        assertThat(directory.resolve("appendonly.aof")).doesNotExist();
        try (Server again = start();
                TestClient client = new TestClient(again.port())) {
            assertThat(client.call("MGET", "a", "b")).isEqualTo("1 2");
        }
    }

    /** The last file ends anywhere: what was complete is there, and nothing of what was not. */
    @Test
    void aTornFileIsCutBehindWhatIsComplete() throws Exception {
        Server server = start();
        try (TestClient client = new TestClient(server.port())) {
            client.call("SET", "n", "1");
            client.call("MULTI");
            client.call("SET", "n", "2");
            client.call("SET", "m", "2");
            client.call("EXEC");
            client.call("SET", "n", "3");
        }
        end(server);
        byte[] whole = Files.readAllBytes(file(INCREMENT));
        String text = new String(whole, StandardCharsets.US_ASCII);
        int first = text.indexOf("*1");
        int second = text.indexOf("*3", text.indexOf("EXEC"));
        int select = text.indexOf("*3");
        for (int length = 0; length <= whole.length; length++) {
            Files.write(file(INCREMENT), Arrays.copyOf(whole, length));
            try (Server again = start();
                    TestClient client = new TestClient(again.port())) {
                String expected =
                        length == whole.length
                                ? "3 2"
                                : length >= second
                                        ? "2 2"
                                        : length >= first ? "1 (nil)" : "(nil) (nil)";
                assertThat(client.call("MGET", "n", "m"))
                        .as("%d bytes", length)
                        .isEqualTo(expected);
            }
            int kept =
                    length == whole.length
                            ? length
                            : length >= second
                                    ? second
                                    : length >= first ? first : length >= select ? select : 0;
            assertThat(Files.size(file(INCREMENT))).as("%d bytes", length).isEqualTo(kept);
        }
    }

    @Test
    void damageInTheMiddleIsToldWithItsOffset() throws Exception {
        Server server = start();
        try (TestClient client = new TestClient(server.port())) {
            client.call("SET", "a", "1");
        }
        end(server);
        long size = Files.size(file(INCREMENT));
        Files.writeString(file(INCREMENT), "!!!*1\r\n$4\r\nPING\r\n", StandardOpenOption.APPEND);
        assertThatThrownBy(this::start)
                .isInstanceOf(DataFileException.class)
                .hasMessageContaining("at offset " + size)
                .hasMessageContaining("check-aof --fix");
    }

    @Test
    void aTornFileEndsTheStartWhenItIsNotToBeCut() throws Exception {
        end(start());
        Files.writeString(file(INCREMENT), "*1\r\n$4\r\nPI", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> start("--aof-load-truncated", "no"))
                .isInstanceOf(DataFileException.class)
                .hasMessageContaining("Unexpected end of file");
    }

    @Test
    void clientsWaitUntilWhatTheyWroteIsOnDisk() throws Exception {
        try (Server server = start("--appendfsync", "no");
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "a", "1");
            assertThat(client.call("WAITAOF", "0", "0", "0")).isEqualTo("0 0");
            assertThat(client.call("WAITAOF", "1", "0", "20")).isEqualTo("0 0");
            client.call("CONFIG", "SET", "appendfsync", "everysec");
            assertThat(client.call("WAITAOF", "1", "0", "0")).isEqualTo("1 0");
            client.call("CONFIG", "SET", "appendfsync", "always");
            client.call("SET", "a", "2");
            assertThat(client.call("WAITAOF", "1", "0", "0")).isEqualTo("1 0");
            client.call("CONFIG", "SET", "appendonly", "no");
            assertThat(client.call("WAITAOF", "1", "0", "0"))
                    .contains("numlocal is set but appendonly is disabled");
            assertThat(client.call("WAITAOF", "2", "0", "0"))
                    .contains("value is out of range, value must between 0 and 1");
        }
    }

    @Test
    void aClientThatWaitsForTheFileHearsThatItIsSwitchedOff() throws Exception {
        try (Server server = start("--appendfsync", "no");
                TestClient client = new TestClient(server.port());
                TestClient other = new TestClient(server.port())) {
            client.call("SET", "a", "1");
            client.send("WAITAOF", "1", "0", "0");
            while (!other.call("CLIENT", "LIST").contains("cmd=waitaof")) {
                Thread.onSpinWait();
            }
            other.call("CONFIG", "SET", "appendonly", "no");
            assertThat(client.reply()).contains("numlocal is set but appendonly is disabled");
        }
    }

    @Test
    void withAlwaysManyClientsWriteAtTheSameTime() throws Exception {
        Server server = start("--appendfsync", "always");
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String key = "key" + i;
            writers.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try (TestClient client = new TestClient(server.port())) {
                                            for (int n = 1; n <= 100; n++) {
                                                client.call("INCR", key);
                                            }
                                        } catch (Exception failed) {
                                            throw new IllegalStateException(failed);
                                        }
                                    }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        end(server);
        try (Server again = start();
                TestClient client = new TestClient(again.port())) {
            for (int i = 0; i < 8; i++) {
                assertThat(client.call("GET", "key" + i)).isEqualTo("100");
            }
        }
    }

    private static void await(TestClient client, String expected, String... words)
            throws Exception {
        while (!client.call(words).equals(expected)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void anActiveNodeFindsItsStatesAndItsVectorAgain() throws Exception {
        String digest;
        Server server = start("--active-replica", "yes");
        try (TestClient client = new TestClient(server.port())) {
            for (int i = 0; i < 100; i++) {
                client.call("SADD", "large", "member " + i); // from some size on by deltas
                client.call("RPUSH", "list", "element " + i);
            }
            client.call("BGREWRITEAOF");
            awaitRewritten(client);
            client.call("SREM", "large", "member 1");
            client.call("SET", "a", "1", "EX", "1000");
            client.call("SET", "b", "1");
            client.call("DEL", "b");
            client.call("SELECT", "2");
            client.call("MULTI");
            client.call("SET", "c", "1");
            client.call("INCR", "c");
            client.call("EXEC");
            client.call(
                    "FUNCTION",
                    "LOAD",
                    "#!lua name=l\nredis.register_function('f', function() end)");
            while (!client.call("INFO", "persistence").contains("aof_rewrites:3")) {
                Thread.onSpinWait(); // the first, the one asked for, and one for the function
            }
            client.call("SET", "d", "1");
            digest = client.call("DEBUG", "DIGEST");
        }
        end(server);
        for (int run = 0; run < 3; run++) {
            server = start("--active-replica", "yes");
            try (TestClient client = new TestClient(server.port())) {
                assertThat(client.call("DEBUG", "DIGEST")).as("run %d", run).isEqualTo(digest);
                assertThat(client.call("FUNCTION", "LIST")).contains("library_name");
                client.call("SET", "run" + run, "x");
                digest = client.call("DEBUG", "DIGEST");
            }
            end(server);
        }
        assertThatThrownBy(this::start)
                .isInstanceOf(DataFileException.class)
                .hasMessageContaining("a unit of an active node");
    }

    /** One of two is away while the other is written to; both have the same afterwards. */
    @Test
    void anActiveNodeThatComesBackGetsWhatItMissedAndNoMore(@TempDir Path second) throws Exception {
        String[] arguments = {
            "--dir", second.toString(), "--active-replica", "yes", "--enable-debug-command", "yes"
        };
        try (Server other = TestServers.start(arguments);
                TestClient there = new TestClient(other.port())) {
            String peer = Integer.toString(other.port());
            Server server = start("--active-replica", "yes", "--replicaof", "127.0.0.1 " + peer);
            try (TestClient here = new TestClient(server.port())) {
                there.call("REPLICAOF", "127.0.0.1", Integer.toString(server.port()));
                there.call("SET", "theirs", "1");
                await(here, "1", "GET", "theirs");
                here.call("SET", "ours", "1");
                here.call("SET", "deleted", "1");
                await(there, "1", "GET", "deleted");
                awaitRewritten(here);
            }
            end(server);
            there.call("DEL", "deleted");
            there.call("SET", "theirs", "2");
            server = start("--active-replica", "yes", "--replicaof", "127.0.0.1 " + peer);
            try (TestClient here = new TestClient(server.port())) {
                assertThat(here.call("GET", "ours")).isEqualTo("1");
                await(here, "2", "GET", "theirs");
                await(here, "0", "EXISTS", "deleted");
                assertThat(here.call("DEBUG", "DIGEST")).isEqualTo(there.call("DEBUG", "DIGEST"));
            }
            end(server);
        }
    }

    @Test
    void anActiveNodeTakesTheFileOfAPlainOneAndKeepsItsOwn() throws Exception {
        Server server = start();
        String digest;
        try (TestClient client = new TestClient(server.port())) {
            writeSomeOfEverything(client);
            await(client, "0", "EXISTS", "gone");
            digest = client.call("DEBUG", "DIGEST");
        }
        end(server);
        for (int run = 0; run < 2; run++) {
            server = start("--active-replica", "yes");
            try (TestClient client = new TestClient(server.port())) {
                assertThat(client.call("DEBUG", "DIGEST")).isEqualTo(digest);
            }
            end(server);
        }
        assertThat(Files.readString(file("appendonly.aof.manifest"))).contains("2.base.rdb");
    }
}
