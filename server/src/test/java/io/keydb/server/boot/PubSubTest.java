package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages between clients, over real connections of several event loops. */
class PubSubTest {
    @Test
    void whoListensGetsEveryMessageOnceAndInOrder() throws Exception {
        try (Server server = TestServers.start("--server-threads", "3")) {
            List<TestClient> listeners = new ArrayList<>();
            try (TestClient publisher = new TestClient(server.port())) {
                for (int i = 0; i < 6; i++) {
                    TestClient listener = new TestClient(server.port());
                    listeners.add(listener);
                    assertThat(listener.call("SUBSCRIBE", "news")).isEqualTo("subscribe news 1");
                    assertThat(listener.call("PSUBSCRIBE", "n?ws")).isEqualTo("psubscribe n?ws 2");
                }
                for (int i = 0; i < 200; i++) {
                    assertThat(publisher.call("PUBLISH", "news", "m" + i)).isEqualTo("12");
                }
                for (TestClient listener : listeners) {
                    for (int i = 0; i < 200; i++) {
                        assertThat(listener.reply()).isEqualTo("message news m" + i);
                        assertThat(listener.reply()).isEqualTo("pmessage n?ws news m" + i);
                    }
                }
                listeners.get(0).close();
                while (!publisher.call("PUBLISH", "news", "end").equals("10")) {
                    Thread.onSpinWait();
                }
            } finally {
                for (TestClient listener : listeners) {
                    listener.close();
                }
            }
        }
    }

    @Test
    void aKilledListenerCountsNowhere() throws Exception {
        try (Server server = TestServers.start("--server-threads", "3");
                TestClient admin = new TestClient(server.port())) {
            admin.call("ACL", "SETUSER", "u", "on", "nopass", "+@all", "&*");
            for (int round = 0; round < 50; round++) {
                try (TestClient first = new TestClient(server.port());
                        TestClient second = new TestClient(server.port())) {
                    String id = first.call("CLIENT", "ID");
                    first.call("PSUBSCRIBE", "n?ws");
                    second.call("AUTH", "u", "x");
                    second.call("SSUBSCRIBE", "news");
                    second.call("SUBSCRIBE", "news");
                    admin.call("CLIENT", "KILL", "ID", id);
                    assertThat(admin.call("PUBLISH", "news", "m")).isEqualTo("1");
                    admin.call("ACL", "SETUSER", "u", "resetchannels");
                    assertThat(admin.call("PUBLISH", "news", "m")).isEqualTo("0");
                    assertThat(admin.call("PUBSUB", "NUMPAT")).isEqualTo("0");
                    assertThat(admin.call("SPUBLISH", "news", "m")).isEqualTo("0");
                    assertThat(first.isEnded()).isTrue();
                    admin.call("ACL", "SETUSER", "u", "&*");
                }
            }
        }
    }

    @Test
    void nothingComesAfterTheEndOfASubscription() throws Exception {
        try (Server server = TestServers.start("--server-threads", "2");
                TestClient listener = new TestClient(server.port());
                TestClient publisher = new TestClient(server.port())) {
            for (int round = 0; round < 100; round++) {
                listener.call("SUBSCRIBE", "a");
                publisher.send("PUBLISH", "a", "x");
                listener.send("UNSUBSCRIBE", "a");
                String next = listener.reply();
                if (next.equals("message a x")) {
                    next = listener.reply();
                }
                assertThat(next).isEqualTo("unsubscribe a 0");
                assertThat(listener.call("PING")).isEqualTo("PONG");
                publisher.reply();
            }
        }
    }

    @Test
    void aListenerIsLimitedInResp2AndFreeInResp3() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            client.call("SUBSCRIBE", "a");
            assertThat(client.call("GET", "k"))
                    .isEqualTo(
                            "-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE /"
                                    + " PING / QUIT / RESET are allowed in this context");
            assertThat(client.call("PING")).isEqualTo("pong ");
            assertThat(client.call("RESET")).isEqualTo("RESET");
            assertThat(client.call("PUBSUB", "CHANNELS")).isEmpty();
            client.call("HELLO", "3");
            client.call("SUBSCRIBE", "a");
            client.send("PUBLISH", "a", "to myself");
            assertThat(List.of(client.reply(), client.reply()))
                    .containsExactlyInAnyOrder("1", "message a to myself");
            assertThat(client.call("SET", "k", "v")).isEqualTo("OK");
        }
    }

    @Test
    void messagesOfEachPublisherKeepTheirOrder() throws Exception {
        int publishers = 4;
        int messages = 500;
        try (Server server = TestServers.start("--server-threads", "3");
                TestClient first = new TestClient(server.port());
                TestClient second = new TestClient(server.port())) {
            first.call("SUBSCRIBE", "news");
            second.call("HELLO", "3");
            second.call("SSUBSCRIBE", "news");
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < publishers; i++) {
                String name = "p" + i;
                threads.add(
                        Thread.ofPlatform().start(() -> publish(server.port(), name, messages)));
            }
            for (TestClient listener : List.of(first, second)) {
                int[] next = new int[publishers];
                for (int i = 0; i < publishers * messages; i++) {
                    String[] words = listener.reply().split(" ");
                    int publisher = Integer.parseInt(words[2].substring(1));
                    assertThat(words[3]).isEqualTo(Integer.toString(next[publisher]++));
                }
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private static void publish(int port, String name, int messages) {
        try (TestClient client = new TestClient(port)) {
            for (int i = 0; i < messages; i++) {
                client.send("PUBLISH", "news", name + " " + i);
                client.send("SPUBLISH", "news", name + " " + i);
            }
            for (int i = 0; i < 2 * messages; i++) {
                client.reply();
            }
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
