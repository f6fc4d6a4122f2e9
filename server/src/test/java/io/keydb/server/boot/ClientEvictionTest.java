package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that take too much memory go, the largest first, and no others. */
@Timeout(60)
final class ClientEvictionTest {
    private static final int MB = 1 << 20;

    private final List<TestClient> opened = new ArrayList<>();
    private final Server server;
    private final TestClient control;

    ClientEvictionTest() throws Exception {
        server = TestServers.start();
        control = client("control");
        control.call("CLIENT", "NO-EVICT", "ON");
    }

    @BeforeEach
    void nobodyHasGone() throws IOException {
        assertThat(control.call("CONFIG", "GET", "maxmemory-clients"))
                .isEqualTo("maxmemory-clients 0");
        assertThat(evicted()).isZero();
    }

    @AfterEach
    void close() throws IOException {
        for (TestClient client : opened) {
            client.close();
        }
        server.close();
    }

    private TestClient client(String name) throws IOException {
        TestClient client = new TestClient(server.port());
        opened.add(client);
        assertThat(client.call("CLIENT", "SETNAME", name)).isEqualTo("OK");
        return client;
    }

    private void limit(String value) throws IOException {
        assertThat(control.call("CONFIG", "SET", "maxmemory-clients", value)).isEqualTo("OK");
    }

    /** Begins a request with an argument of so many bytes, for which the server makes room. */
    private TestClient large(String name, int bytes) throws IOException {
        TestClient client = client(name);
        announce(client, bytes);
        return client;
    }

    private static void announce(TestClient client, int bytes) throws IOException {
        client.sendInline("*2", "$4", "ECHO", "$" + bytes, "x");
    }

    private TestClient largeAndThere(String name, int bytes) throws IOException {
        TestClient client = large(name, bytes);
        while (memory(name) < bytes) {
            Thread.onSpinWait();
        }
        return client;
    }

    /** What CLIENT LIST tells of the client; -1 when it is not there. */
    private long memory(String name) throws IOException {
        for (String line : control.call("CLIENT", "LIST").split("\n")) {
            if (line.contains(" name=" + name + " ")) {
                return Long.parseLong(line.replaceAll(".* tot-mem=(\\d+).*", "$1"));
            }
        }
        return -1;
    }

    private long evicted() throws IOException {
        String info = control.call("INFO", "stats");
        return Long.parseLong(info.replaceAll("(?s).*evicted_clients:(\\d+).*", "$1"));
    }

    @Test
    void aLargeQueryEndsItsClientBeforeItRuns() throws Exception {
        limit("1mb");
        largeAndThere("small", MB / 2);
        TestClient big = large("big", 2 * MB);
        assertThat(big.isEnded()).isTrue();
        assertThat(memory("big")).isEqualTo(-1);
        assertThat(evicted()).isEqualTo(1);
        assertThat(memory("small")).isNotEqualTo(-1);
        control.call("CONFIG", "RESETSTAT");
        assertThat(evicted()).isZero();
    }

    @Test
    void repliesThatAreNotReadCount() throws Exception {
        control.call("SET", "big", "x".repeat(MB));
        limit("3mb");
        TestClient reader = client("reader");
        assertThat(reader.call("GET", "big")).hasSize(MB);
        assertThat(evicted()).isZero();
        String[] many = new String[30];
        Arrays.fill(many, "GET big");
        reader.sendInline(many);
        while (evicted() == 0) {
            Thread.onSpinWait();
        }
        assertThat(memory("reader")).isEqualTo(-1);
    }

    @Test
    void queuedCommandsAndWatchedKeysCount() throws Exception {
        limit("1mb");
        TestClient queueing = client("queueing");
        assertThat(queueing.call("MULTI")).isEqualTo("OK");
        assertEnds(queueing, 10, i -> new String[] {"SET", "k", "x".repeat(MB / 4)});
        limit("128kb");
        assertEnds(client("watching"), 5_000, i -> new String[] {"WATCH", "k" + i});
        assertEnds(client("listening"), 5_000, i -> new String[] {"SUBSCRIBE", "c" + i});
        assertThat(evicted()).isEqualTo(3);
    }

    private interface Requests {
        String[] request(int index);
    }

    private static void assertEnds(TestClient client, int most, Requests requests) {
        int done = 0;
        try {
            while (done < most) {
                client.call(requests.request(done));
                done++;
            }
        } catch (IOException ended) {
            assertThat(done).isPositive();
        }
        assertThat(done).isLessThan(most);
    }

    @Test
    void theLargestGoFirstUntilThereIsLess() throws Exception {
        for (int i = 0; i < 3; i++) {
            largeAndThere("small" + i, MB / 4);
            largeAndThere("large" + i, MB);
        }
        limit("2mb");
        assertThat(evicted()).isEqualTo(2);
        for (int i = 0; i < 3; i++) {
            assertThat(memory("small" + i)).isNotEqualTo(-1);
        }
        limit("1000kb");
        assertThat(evicted()).isEqualTo(3);
        limit("0");
        largeAndThere("other", 4 * MB);
        assertThat(evicted()).isEqualTo(3);
    }

    @Test
    void whoMustNotGoStaysAndCounts() throws Exception {
        limit("1mb");
        TestClient spared = client("spared");
        assertThat(spared.call("CLIENT", "NO-EVICT", "ON")).isEqualTo("OK");
        announce(spared, 2 * MB);
        while (memory("spared") < 2 * MB) {
            Thread.onSpinWait();
        }
        TestClient other = large("other", MB / 4);
        assertThat(other.isEnded()).isTrue();
        assertThat(memory("spared")).isNotEqualTo(-1);
    }

    @Test
    void percentAreOfMaxmemory() throws Exception {
        limit("2%");
        largeAndThere("first", MB / 2);
        largeAndThere("second", 3 * MB);
        assertThat(control.call("CONFIG", "SET", "maxmemory", "100mb")).isEqualTo("OK");
        assertThat(control.call("CONFIG", "GET", "maxmemory-clients"))
                .isEqualTo("maxmemory-clients 2%");
        assertThat(memory("second")).isEqualTo(-1);
        assertThat(memory("first")).isNotEqualTo(-1);
        assertThat(control.call("CONFIG", "SET", "maxmemory-clients", "101%"))
                .startsWith("-ERR CONFIG SET failed");
    }
}
