package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Requests that are sent without waiting for replies, scripts among them: a worker runs some of
 * them in one go, and nobody can tell.
 */
class PipelinedScriptsTest {
    private static final int ROUNDS = 200;

    /** So many of the requests are scripts or their like. */
    private static final int SCRIPTS = 15;

    /** Everything that may stand behind a script, or in between. */
    private static final String[][] REQUESTS = {
        {"EVAL", "return redis.call('incr', KEYS[1])", "1", "n"},
        {"EVAL", "return {KEYS[1], ARGV[1], redis.call('get', KEYS[1])}", "1", "n", "argument"},
        {"EVAL", "return redis.call('append', 's', 'x')", "0"},
        {"EVAL", "return redis.call('rpush', KEYS[1], 'x', 'y')", "1", "list"},
        {"EVAL", "return redis.call('nosuch')", "0"},
        {"EVAL", "return", "0"},
        {"EVAL", "return 1", "x"},
        {"EVAL"},
        {"EVALSHA", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db", "0"},
        {"EVAL", "return 1", "0"},
        {"EVAL_RO", "return redis.call('set', 'k', 1)", "0"},
        {"EVAL", "return ('x'):rep(50000)", "0"},
        {"INCR", "n"},
        {"GET", "n"},
        {"SCRIPT", "FLUSH"},
        {"GET"},
        {"SET", "s", ""},
        {"LPUSH", "n", "wrong type"},
        {"LPOP", "list"},
        {"BLPOP", "list", "0.001"},
        {"MGET", "n", "s", "none"},
        {"KEYS", "nosuch*"},
        {"PING"},
        {"NOSUCH"},
        {"SELECT", "1"},
        {"SELECT", "0"},
        {"MULTI"},
        {"EXEC"},
        {"DISCARD"},
        {"HELLO", "3"},
        {"HELLO", "2"},
        {"WATCH", "n"},
        {"DEL", "list"},
    };

    @Test
    void repliesAreThoseOfRequestsOneByOne() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Server first = TestServers.start();
                Server second = TestServers.start();
                TestClient pipeline = new TestClient(first.port());
                TestClient single = new TestClient(second.port())) {
            for (int round = 0; round < ROUNDS; round++) {
                List<String> sent = new ArrayList<>();
                List<String> expected = new ArrayList<>();
                for (int i = random.nextInt(30); i >= 0; i--) {
                    // mostly scripts, so that runs of them come about
                    int bound = random.nextInt(3) > 0 ? SCRIPTS : REQUESTS.length;
                    String[] request = REQUESTS[random.nextInt(bound)];
                    sent.add(
                            random.nextInt(10) == 0
                                    ? inline(request)
                                    : TestClient.encoded(request));
                    expected.add(single.call(request));
                }
                pipeline.sendText(String.join("", sent));
                for (int i = 0; i < sent.size(); i++) {
                    assertThat(pipeline.reply())
                            .as("seed %d, round %d: %s of %s", seed, round, sent.get(i), sent)
                            .isEqualTo(expected.get(i));
                }
            }
        }
    }

    @Test
    void whoDoesNotWantRepliesGetsNone() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            client.sendText(
                    eval("return 1")
                            + TestClient.encoded("CLIENT", "REPLY", "SKIP")
                            + eval("return 2")
                            + eval("return 3")
                            + TestClient.encoded("CLIENT", "REPLY", "OFF")
                            + eval("return 4")
                            + eval("return 5")
                            + TestClient.encoded("CLIENT", "REPLY", "ON")
                            + eval("return 6"));
            assertThat(client.reply()).isEqualTo("1");
            assertThat(client.reply()).isEqualTo("3");
            assertThat(client.reply()).isEqualTo("OK");
            assertThat(client.reply()).isEqualTo("6");
        }
    }

    @Test
    void aBusyScriptDoesNotKeepBackTheRepliesBeforeIt() throws Exception {
        try (Server server =
                        TestServers.start("--busy-reply-threshold", "50", "--server-threads", "1");
                TestClient client = new TestClient(server.port());
                TestClient other = new TestClient(server.port())) {
            client.sendText(
                    eval("return 'first'")
                            + TestClient.encoded("GET", "k")
                            + eval("while true do end")
                            + eval("return 'last'")
                            + TestClient.encoded("GET", "k"));
            assertThat(client.reply()).isEqualTo("first");
            assertThat(client.reply()).isEqualTo("(nil)");
            assertThat(other.call("SCRIPT", "KILL")).isEqualTo("OK");
            assertThat(client.reply()).startsWith("-ERR Script killed by user");
            assertThat(client.reply()).isEqualTo("last");
            assertThat(client.reply()).isEqualTo("(nil)");
        }
    }

    /** In pieces of all sizes: a worker finds requests of which the end has not come. */
    @Test
    void requestsComeInPieces() throws Exception {
        String all = eval("return redis.call('incr', 'n')").repeat(40);
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            for (int piece = 1; piece < all.length(); piece = piece * 3 / 2 + 1) {
                client.call("SET", "n", "0");
                for (int from = 0; from < all.length(); from += piece) {
                    client.sendText(all.substring(from, Math.min(all.length(), from + piece)));
                }
                for (int i = 1; i <= 40; i++) {
                    assertThat(client.reply()).as("pieces of %d", piece).isEqualTo("" + i);
                }
            }
        }
    }

    @Test
    void aBrokenStreamBehindScriptsIsTold() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            client.sendText(eval("return 1") + eval("return 2") + "*2\r\n$4\r\nECHO\r\n$x\r\n");
            assertThat(client.reply()).isEqualTo("1");
            assertThat(client.reply()).isEqualTo("2");
            assertThat(client.reply()).isEqualTo("-ERR Protocol error: invalid bulk length");
            assertThat(client.isEnded()).isTrue();
        }
    }

    private static String eval(String script) {
        return TestClient.encoded("EVAL", script, "0");
    }

    private static String inline(String... words) {
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            line.append('"').append(word).append("\" ");
        }
        return line + "\r\n";
    }
}
