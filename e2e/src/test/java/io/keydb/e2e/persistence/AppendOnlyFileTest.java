package io.keydb.e2e.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.RespReply;
import io.keydb.e2e.process.ServerLaunch;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes that are killed, run out of disk, and read each other's append-only files. */
class AppendOnlyFileTest {
    private static final int KILLS = 4;
    private static final int CLIENTS = 6;
    private static final int WRITES_PER_ROUND = 500;
    private static final long ALL = Long.MAX_VALUE / 2;

    @TempDir
    @SuppressWarnings("NullAway.Init") // the engine of the tests sets it
    private Path directory;

    @BeforeAll
    static void needsThePackagedServer() {
        ServerLaunch launch = ServerLaunch.ours();
        assumeTrue(launch.isPossible(), launch.reasonImpossible());
    }

    private ServerLaunch ours(String... more) {
        return with(ServerLaunch.ours(), more);
    }

    private ServerLaunch with(ServerLaunch launch, String... more) {
        return launch.with("--save", "", "--appendonly", "yes").with(more).in(directory);
    }

    private static void awaitWrites(AcknowledgedWrites writes, long from) {
        while (writes.acknowledged() < from + WRITES_PER_ROUND) {
            Thread.onSpinWait();
        }
    }

    private void killAgainAndAgain(long mostLost, String... directives) throws Exception {
        AcknowledgedWrites writes = new AcknowledgedWrites(CLIENTS);
        for (int kill = 0; kill < KILLS; kill++) {
            try (ServerProcess server = ours(directives).start()) {
                writes.check(server, kill == 0 ? 0 : mostLost);
                boolean rewrites = kill % 2 == 1;
                writes.whileRunning(
                        server,
                        () -> {
                            long before = writes.acknowledged();
                            awaitWrites(writes, before);
                            if (rewrites) {
                                try (RespClient client = server.connect()) {
                                    client.call("BGREWRITEAOF");
                                }
                                awaitWrites(writes, before + WRITES_PER_ROUND);
                            }
                            server.kill();
                        });
            }
        }
        try (ServerProcess server = ours(directives).start()) {
            writes.check(server, mostLost);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "yes"})
    void withAlwaysNoAcknowledgedWriteIsLost(String active) throws Exception {
        killAgainAndAgain(0, "--appendfsync", "always", "--active-replica", active);
    }

    @ParameterizedTest
    @ValueSource(strings = {"everysec", "no"})
    void otherwiseTheStateIsOneThatWasThere(String policy) throws Exception {
        killAgainAndAgain(ALL, "--appendfsync", policy);
    }

    @Test
    void aRewriteUnderLoadKeepsEverything() throws Exception {
        AcknowledgedWrites writes = new AcknowledgedWrites(CLIENTS);
        String digest;
        try (ServerProcess server =
                        ours("--auto-aof-rewrite-min-size", "64kb", "--enable-debug-command", "yes")
                                .start();
                RespClient client = server.connect()) {
            writes.whileRunning(
                    server,
                    () -> {
                        for (int i = 0; i < 5; i++) {
                            client.call("BGREWRITEAOF");
                            awaitWrites(writes, writes.acknowledged());
                        }
                    });
            digest = client.call("DEBUG", "DIGEST").text();
            assertThat(server.stop()).isZero();
        }
        try (ServerProcess server = ours("--enable-debug-command", "yes").start();
                RespClient client = server.connect()) {
            writes.check(server, 0);
            assertThat(client.call("DEBUG", "DIGEST").text()).isEqualTo(digest);
        }
    }

    private static void fill(RespClient client) throws IOException {
        client.call("SET", "text", "value");
        client.call("SET", "expires", "x", "EX", "100000");
        client.call("RPUSH", "list", "a", "b", "c");
        client.call("HSET", "hash", "f", "v", "g", "w");
        client.call("SADD", "set", "a", "b", "c");
        client.call("SADD", "integers", "1", "2", "3");
        client.call("ZADD", "sorted", "1", "a", "2.5", "b");
        client.call("XADD", "stream", "1-1", "f", "v");
        client.call("XGROUP", "CREATE", "stream", "g", "0");
        client.call("XREADGROUP", "GROUP", "g", "c", "STREAMS", "stream", ">");
        client.call("SELECT", "3");
        client.call("MULTI");
        client.call("SET", "n", "1");
        client.call("INCRBY", "n", "41");
        client.call("EXEC");
        client.call("SELECT", "0");
    }

    private static void awaitRewritten(RespClient client) throws IOException {
        RespReply info = client.call("INFO", "persistence");
        while (info.text().contains("aof_rewrite_in_progress:1")) {
            info = client.call("INFO", "persistence");
        }
    }

    /** A folder is written by one server, then by the other, then read by the first again. */
    @ParameterizedTest
    @ValueSource(strings = {"yes", "no"})
    void stockAndThisServerReadEachOthersFiles(String preamble) throws Exception {
        assumeTrue(ServerLaunch.stock().isPossible(), ServerLaunch.stock().reasonImpossible());
        List<ServerLaunch> launches =
                List.of(with(ServerLaunch.stock()), ours(), with(ServerLaunch.stock()), ours());
        String digest = "";
        for (int turn = 0; turn < launches.size(); turn++) {
            ServerLaunch launch =
                    launches.get(turn)
                            .with(
                                    "--aof-use-rdb-preamble",
                                    preamble,
                                    "--aof-timestamp-enabled",
                                    "yes",
                                    "--enable-debug-command",
                                    "yes");
            try (ServerProcess server = launch.start();
                    RespClient client = server.connect()) {
                if (turn == 0) {
                    fill(client);
                } else {
                    assertThat(client.call("DEBUG", "DIGEST").text())
                            .as("turn %d", turn)
                            .isEqualTo(digest);
                }
                client.call("RPUSH", "list", "turn " + turn);
                client.call("BGREWRITEAOF");
                awaitRewritten(client);
                client.call("SELECT", "5");
                client.call("SADD", "turns", "turn " + turn);
                digest = client.call("DEBUG", "DIGEST").text();
                server.stop();
            }
        }
        try (Stream<Path> files = Files.list(directory.resolve("appendonlydir"))) {
            assertThat(files.count()).isEqualTo(3);
        }
    }

    /** Files of a process may not grow beyond this; as a full disk. */
    private static void limitFiles(ServerProcess server, String bytes) throws Exception {
        Process limit =
                new ProcessBuilder(
                                "prlimit",
                                "--pid",
                                Long.toString(server.pid()),
                                "--fsize=" + bytes + ":unlimited")
                        .inheritIO()
                        .start();
        assertThat(limit.waitFor()).isZero();
    }

    private static void needsLimits() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "prlimit is not installed");
    }

    @Test
    void aFullDiskRefusesWritesUntilThereIsRoom() throws Exception {
        needsLimits();
        AcknowledgedWrites writes = new AcknowledgedWrites(CLIENTS);
        try (ServerProcess server = ours("--appendfsync", "everysec").start();
                RespClient client = server.connect()) {
            writes.whileRunning(
                    server,
                    () -> {
                        awaitWrites(writes, 0);
                        limitFiles(server, "200000");
                        RespReply reply = client.call("SET", "a", "x".repeat(100_000));
                        while (!reply.isError()) {
                            reply = client.call("SET", "a", "x".repeat(100_000));
                        }
                        assertThat(reply.text())
                                .startsWith("MISCONF Errors writing to the AOF file: ");
                    });
            assertThat(client.call("LLEN", "list0").isError()).isFalse();
            assertThat(client.call("INFO", "persistence").text())
                    .contains("aof_last_write_status:err");
            limitFiles(server, "unlimited");
            RespReply reply = client.call("SET", "a", "1");
            while (reply.isError()) {
                assertThat(reply.text()).startsWith("MISCONF");
                reply = client.call("SET", "a", "1");
            }
            assertThat(client.call("INFO", "persistence").text())
                    .contains("aof_last_write_status:ok");
            assertThat(server.stop()).isZero();
        }
        try (ServerProcess server = ours().start()) {
            writes.check(server, 0);
        }
    }

    @Test
    void withAlwaysAFullDiskEndsTheServerRatherThanAPromise() throws Exception {
        needsLimits();
        AcknowledgedWrites writes = new AcknowledgedWrites(CLIENTS);
        try (ServerProcess server = ours("--appendfsync", "always").start()) {
            writes.whileRunning(
                    server,
                    () -> {
                        awaitWrites(writes, 0);
                        limitFiles(server, "150000");
                        assertThat(server.await()).isEqualTo(1);
                    });
            assertThat(server.log()).contains("Can't recover from AOF write error");
        }
        try (ServerProcess server = ours("--appendfsync", "always").start()) {
            writes.check(server, 0);
        }
    }
}
