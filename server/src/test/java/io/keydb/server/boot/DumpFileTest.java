package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.persistence.DataFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole servers that write their dump file and find it again. */
class DumpFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // the engine of the tests sets it
    private Path directory;

    private Server start(String... more) throws Exception {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "--dir";
        arguments[1] = directory.toString();
        System.arraycopy(more, 0, arguments, 2, more.length);
        return TestServers.start(arguments);
    }

    private static void awaitSaved(TestClient client) throws Exception {
        while (client.call("INFO", "persistence").contains("rdb_bgsave_in_progress:1")) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whatWasSavedIsThereAgain() throws Exception {
        String digest;
        try (Server server = start("--enable-debug-command", "yes");
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "text", "value");
            client.call("SET", "expires", "value", "EX", "1000");
            client.call("RPUSH", "list", "a", "b");
            client.call("HSET", "hash", "f", "v");
            client.call("SELECT", "3");
            client.call("XADD", "stream", "1-1", "f", "v");
            digest = client.call("DEBUG", "DIGEST");
            assertThat(client.call("SAVE")).isEqualTo("OK");
            client.call("SET", "too late", "x");
        }
        try (Server server = start("--enable-debug-command", "yes");
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("DEBUG", "DIGEST")).isEqualTo(digest);
            assertThat(client.call("INFO", "persistence"))
                    .contains("rdb_changes_since_last_save:0", "rdb_last_load_keys_loaded:5");
        }
    }

    @Test
    void aFailedFileRefusesWritesOfScriptsToo() throws Exception {
        try (Server server = start("--save", "900 1", "--enable-debug-command", "yes");
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "x", "1");
            client.call("CONFIG", "SET", "rdb-key-save-delay", "10000000");
            client.call("BGSAVE");
            assertThat(client.call("DEBUG", "FAIL-SAVES")).isEqualTo("OK");
            awaitSaved(client);
            assertThat(client.call("SET", "x", "2")).startsWith("-MISCONF ");
            assertThat(client.call("EVAL", "return redis.call('set', 'x', 2)", "0"))
                    .startsWith("-MISCONF ");
            assertThat(client.call("EVAL", "return redis.call('get', 'x')", "0")).isEqualTo("1");
            client.call("CONFIG", "SET", "rdb-key-save-delay", "0");
            client.call("BGSAVE");
            awaitSaved(client);
            assertThat(client.call("SET", "x", "2")).isEqualTo("OK");
        }
    }

    @Test
    void theEndSavesWhenThereAreSavePoints() throws Exception {
        Server server = start("--save", "3600 1");
        try (TestClient client = new TestClient(server.port())) {
            client.call("SET", "a", "1");
        }
        server.close();
        assertThat(directory.resolve("dump.rdb")).doesNotExist(); // only when it is asked to
        Server second = start("--save", "3600 1");
        try (TestClient client = new TestClient(second.port())) {
            client.call("SET", "a", "1");
            client.send("SHUTDOWN");
            assertThat(client.isEnded()).isTrue();
        }
        second.close();
        assertThat(directory.resolve("dump.rdb")).exists();
        try (Server third = start("--save", "");
                TestClient client = new TestClient(third.port())) {
            assertThat(client.call("GET", "a")).isEqualTo("1");
            client.call("SET", "a", "2");
            client.send("SHUTDOWN");
            assertThat(client.isEnded()).isTrue();
        }
        try (Server fourth = start();
                TestClient client = new TestClient(fourth.port())) {
            assertThat(client.call("GET", "a")).isEqualTo("1");
        }
    }

    @Test
    void anActiveNodeFindsItsStatesAgain() throws Exception {
        try (Server server = start("--active-replica", "yes");
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "a", "1");
            client.call("SET", "b", "1");
            client.call("DEL", "b");
            assertThat(client.call("SAVE")).isEqualTo("OK");
        }
        try (Server server = start("--active-replica", "yes");
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("GET", "a")).isEqualTo("1");
            assertThat(client.call("EXISTS", "b")).isEqualTo("0");
            assertThat(client.call("OBJECT", "LASTMODIFIED", "a")).matches("\\d+");
        }
    }

    @Test
    void savePointsBeginAFile() throws Exception {
        try (Server server = start("--save", "1 2");
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "a", "1");
            client.call("SET", "a", "2");
            while (client.call("INFO", "persistence").contains("rdb_saves:0")) {
                Thread.onSpinWait();
            }
            awaitSaved(client);
            assertThat(client.call("INFO", "persistence"))
                    .contains("rdb_changes_since_last_save:0", "rdb_last_bgsave_status:ok");
        }
    }

    @Test
    void aFileThatCannotBeWrittenStopsWrites() throws Exception {
        try (Server server = start("--save", "3600 1", "--dbfilename", "blocked");
                TestClient client = new TestClient(server.port())) {
            Path blocked = Files.createDirectories(directory.resolve("blocked"));
            Files.createFile(blocked.resolve("in the way"));
            client.call("SET", "a", "1");
            assertThat(client.call("SAVE")).isEqualTo("-ERR");
            assertThat(client.call("SET", "a", "1")).as("as in stock").isEqualTo("OK");
            assertThat(client.call("BGSAVE")).isEqualTo("Background saving started");
            while (!client.call("INFO", "persistence").contains("rdb_last_bgsave_status:err")) {
                Thread.onSpinWait();
            }
            assertThat(client.call("SET", "a", "2")).startsWith("-MISCONF");
            assertThat(client.call("SAVE")).isEqualTo("-ERR");
            assertThat(client.call("SET", "a", "2")).startsWith("-MISCONF");
            assertThat(client.call("GET", "a")).isEqualTo("1");
            Files.delete(blocked.resolve("in the way"));
            Files.delete(blocked);
            assertThat(client.call("BGSAVE")).isEqualTo("Background saving started");
            awaitSaved(client);
            assertThat(client.call("SET", "a", "2")).isEqualTo("OK");
        }
    }

    @Test
    void aDamagedFileIsNotStartedWith() throws Exception {
        try (Server server = start();
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "a", "1");
            client.call("EVAL", "for i = 1, 9000 do redis.call('sadd', 'big', i) end", "0");
            client.call("SAVE");
        }
        Path file = directory.resolve("dump.rdb");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(this::start)
                .isInstanceOf(DataFileException.class)
                .hasMessageContaining("RDB CRC error");
    }

    @Test
    void keysThatHaveExpiredAreCountedAndLeftOut() throws Exception {
        try (Server server = start("--enable-debug-command", "yes");
                TestClient client = new TestClient(server.port())) {
            client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            client.call("MSET", "a", "1", "b", "2");
            long due = millis(client) + 20;
            client.call("SET", "gone", "1", "PXAT", String.valueOf(due));
            while (millis(client) <= due) {
                Thread.onSpinWait();
            }
            assertThat(client.call("SAVE")).isEqualTo("OK");
        }
        try (Server server = start();
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("INFO", "persistence"))
                    .contains("rdb_last_load_keys_expired:1", "rdb_last_load_keys_loaded:2");
        }
    }

    private static long millis(TestClient client) throws Exception {
        String[] time = client.call("TIME").split(" ");
        return Long.parseLong(time[0]) * 1000 + Long.parseLong(time[1]) / 1000;
    }

    @Test
    void aFlushEndsWhatIsWrittenWithoutSavePoints() throws Exception {
        try (Server server = start("--rdb-key-save-delay", "1000000", "--save", "");
                TestClient client = new TestClient(server.port())) {
            client.call("MSET", "a", "1", "b", "2", "c", "3");
            assertThat(client.call("BGSAVE")).isEqualTo("Background saving started");
            assertThat(client.call("FLUSHALL")).isEqualTo("OK");
            while (!client.call("INFO", "persistence").contains("rdb_bgsave_in_progress:0")) {
                Thread.onSpinWait();
            }
            assertThat(client.call("INFO", "persistence"))
                    .contains("rdb_saves:0", "rdb_changes_since_last_save:6");
        }
    }

    @Test
    void oneFileIsWrittenAtATime() throws Exception {
        try (Server server = start("--rdb-key-save-delay", "1000000");
                TestClient client = new TestClient(server.port())) {
            for (int i = 0; i < 100; i++) {
                client.call("SET", "key:" + i, "x");
            }
            assertThat(client.call("BGSAVE")).isEqualTo("Background saving started");
            assertThat(client.call("BGSAVE")).isEqualTo("-ERR Background save already in progress");
            assertThat(client.call("SAVE")).isEqualTo("-ERR Background save already in progress");
            client.call("SET", "key:1", "written meanwhile");
            client.call("CONFIG", "SET", "rdb-key-save-delay", "0");
            awaitSaved(client);
        }
        try (Server server = start();
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("GET", "key:1")).isEqualTo("x");
            assertThat(client.call("DBSIZE")).isEqualTo("100");
        }
    }
}
