package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A script that does not end: the others are told so, on the same event loop too, and can end it.
 */
class BusyScriptTest {
    private static final String BUSY =
            "-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN"
                    + " NOSAVE.";
    private static final String ENDLESS = "while true do end";
    private static final int OTHERS = 20;

    private Server server;
    private TestClient script;
    private TestClient other;

    @BeforeEach
    void start() throws Exception {
        server = TestServers.start("--busy-reply-threshold", "100", "--server-threads", "1");
        script = client();
        other = client();
    }

    @AfterEach
    void stop() throws IOException {
        script.close();
        other.close();
        server.close();
    }

    @Test
    void aPeerThatWritesDoesNotKeepAScriptFromBeingKilled() throws Exception {
        try (Server one = TestServers.start("--active-replica", "yes", "--server-threads", "1");
                Server two =
                        TestServers.start(
                                "--active-replica",
                                "yes",
                                "--server-threads",
                                "1",
                                "--busy-reply-threshold",
                                "100",
                                "--replicaof",
                                "127.0.0.1 " + one.port());
                TestClient writer = new TestClient(one.port());
                TestClient reader = new TestClient(two.port());
                TestClient endless = new TestClient(two.port())) {
            awaitValue(writer, reader, "before");
            endless.send("EVAL", ENDLESS, "0");
            while (!reader.call("PING").equals(BUSY)) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 100; i++) {
                writer.call("SET", "key" + i, "x".repeat(20_000));
            }
            assertThat(reader.call("PING")).isEqualTo(BUSY);
            assertThat(reader.call("SCRIPT", "KILL")).isEqualTo("OK");
            assertThat(endless.reply()).contains("Script killed by user");
            awaitValue(writer, reader, "behind");
            assertThat(reader.call("DBSIZE")).isEqualTo("102");
        }
    }

    /** Returns when what is written on one node is on the other. */
    private static void awaitValue(TestClient writer, TestClient reader, String key)
            throws IOException {
        writer.call("SET", key, "x");
        while (!reader.call("GET", key).equals("x")) {
            Thread.onSpinWait();
        }
    }

    @Test
    void everybodyElseIsAnsweredBusyUntilItIsKilled() throws IOException {
        List<TestClient> others = new ArrayList<>();
        for (int i = 0; i < OTHERS; i++) {
            others.add(client());
        }
        script.send("EVAL", ENDLESS, "0");
        // These wait for locks at first, or behind the script.
        for (int i = 0; i < OTHERS; i++) {
            if (i % 2 == 0) {
                others.get(i).send("SET", "k" + i, "v");
            } else {
                others.get(i).send("EVAL", "return redis.call('set', 'x', 1)", "0");
            }
        }
        for (TestClient waiting : others) {
            assertThat(waiting.reply()).isIn(BUSY, "OK");
        }
        for (TestClient late : others) {
            assertThat(late.call("PING")).isEqualTo(BUSY);
            assertThat(late.call("GET", "k")).isEqualTo(BUSY);
            assertThat(late.call("KEYS", "*")).isEqualTo(BUSY);
            assertThat(late.call("INFO")).isEqualTo(BUSY);
        }
        assertThat(other.call("SCRIPT", "KILL")).isEqualTo("OK");
        assertThat(script.reply())
                .startsWith("-ERR Script killed by user with SCRIPT KILL... script: ")
                .endsWith(", on @user_script:1.");
        assertThat(other.call("PING")).isEqualTo("PONG");
        assertThat(script.call("EVAL", "return 1", "0")).isEqualTo("1");
        for (TestClient one : others) {
            assertThat(one.call("SET", "k", "v")).isEqualTo("OK");
            one.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while true do pcall(function() while true do end end) end",
                "while true do pcall(redis.call, 'nosuch') end",
                "while true do pcall(setmetatable, _G, {}) end",
                "coroutine.wrap(function() while true do pcall(redis.call) end end)()",
                "xpcall(function() while true do pcall(cjson.decode, '[') end end, redis.call)"
            })
    void itCannotCatchItsEnd(String code) throws IOException {
        script.send("EVAL", code, "0");
        untilBusy();
        assertThat(other.call("SCRIPT", "KILL")).isEqualTo("OK");
        assertThat(script.reply()).startsWith("-ERR Script killed by user");
        assertThat(other.call("PING")).isEqualTo("PONG");
    }

    /** It may still be on its way to its worker, or in the queue behind others. */
    @Test
    void itCanBeKilledAsSoonAsItIsSent() throws IOException {
        for (int i = 0; i < 100; i++) {
            script.sendInline("PING", "EVAL \"" + ENDLESS + "\" 0");
            assertThat(script.reply()).isEqualTo("PONG"); // sent when the script goes to its worker
            assertThat(other.call("SCRIPT", "KILL")).isEqualTo("OK");
            assertThat(script.reply()).startsWith("-ERR Script killed by user");
        }
    }

    @Test
    void itCannotBeKilledOnceItHasWritten() throws IOException {
        script.send(
                "EVAL",
                "redis.call('set', 'k', 1) local n = 0 repeat n = n + 1 until n == 50000000"
                        + " return 'done'",
                "0");
        untilBusy();
        assertThat(other.call("SCRIPT", "KILL"))
                .startsWith("-UNKILLABLE Sorry the script already executed write commands");
        assertThat(other.call("GET", "k")).isEqualTo(BUSY);
        assertThat(script.reply()).isEqualTo("done");
        assertThat(other.call("GET", "k")).isEqualTo("1");
    }

    @Test
    void transactionsAreRefusedAsAWhole() throws IOException {
        other.call("MULTI");
        other.call("SET", "k", "v");
        script.send("EVAL", ENDLESS, "0");
        try (TestClient third = client()) {
            untilBusy(third);
            assertThat(other.call("EXEC"))
                    .isEqualTo(
                            BUSY.replace(
                                    "-BUSY", "-EXECABORT Transaction discarded because of: BUSY"));
            assertThat(other.call("MULTI")).isEqualTo("OK");
            assertThat(other.call("DISCARD")).isEqualTo("OK");
            assertThat(third.call("SCRIPT", "KILL")).isEqualTo("OK");
        }
        assertThat(script.reply()).startsWith("-ERR Script killed by user");
        assertThat(other.call("EXISTS", "k")).isEqualTo("0");
    }

    @Test
    void thoseWhoWaitForKeysMayGiveUp() throws IOException {
        try (TestClient blocked = client();
                TestClient leaving = client();
                TestClient watching = client()) {
            leaving.send("BLPOP", "list", "0");
            watching.call("WATCH", "k");
            blocked.send("BLPOP", "list", "0.3");
            while (!other.call("INFO", "clients").contains("blocked_clients:2")) {
                Thread.onSpinWait();
            }
            script.send("EVAL", ENDLESS, "0");
            untilBusy();
            leaving.close();
            watching.close();
            assertThat(other.call("PING")).isEqualTo(BUSY);
            assertThat(other.call("SCRIPT", "KILL")).isEqualTo("OK");
            assertThat(script.reply()).startsWith("-ERR Script killed by user");
            assertThat(blocked.reply()).isEqualTo("(nil)");
            assertThat(other.call("RPUSH", "list", "x")).isEqualTo("1");
        }
    }

    @Test
    void aScriptWithinATransactionIsKilledAlone() throws IOException {
        script.call("MULTI");
        script.call("EVAL", ENDLESS, "0");
        script.call("SET", "k", "v");
        script.send("EXEC");
        untilBusy();
        assertThat(other.call("SCRIPT", "KILL")).isEqualTo("OK");
        assertThat(script.reply()).contains("Script killed by user").endsWith(" OK");
        assertThat(other.call("GET", "k")).isEqualTo("v");
    }

    @Test
    void theStreamOfAPrimaryDoesNotHoldUpTheLoopOfABusyReplica(@TempDir Path directory)
            throws Exception {
        other.call("SET", "k", "before");
        try (Server replica =
                        TestServers.start(
                                "--busy-reply-threshold",
                                "100",
                                "--server-threads",
                                "1",
                                "--dir",
                                directory.toString(),
                                "--replicaof",
                                "127.0.0.1 " + server.port());
                TestClient caller = new TestClient(replica.port());
                TestClient killer = new TestClient(replica.port())) {
            until(killer, "before");
            caller.send("EVAL", ENDLESS, "0");
            untilBusy(killer);
            for (int i = 0; i < 100; i++) {
                other.call("INCR", "n");
            }
            other.call("SET", "k", "after");
            for (int i = 0; i < 20; i++) {
                assertThat(killer.call("PING")).isEqualTo(BUSY);
            }
            assertThat(killer.call("SCRIPT", "KILL")).isEqualTo("OK");
            assertThat(caller.reply()).startsWith("-ERR Script killed by user");
            until(killer, "after");
            assertThat(killer.call("GET", "n")).isEqualTo("100");
        }
    }

    private static void until(TestClient client, String value) throws IOException {
        while (!client.call("GET", "k").equals(value)) {
            Thread.onSpinWait();
        }
    }

    private void untilBusy() throws IOException {
        untilBusy(other);
    }

    private static void untilBusy(TestClient client) throws IOException {
        String reply = client.call("PING");
        while (!reply.equals(BUSY)) {
            assertThat(reply).isEqualTo("PONG");
            reply = client.call("PING");
        }
    }

    private TestClient client() throws IOException {
        return new TestClient(server.port());
    }
}
