package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.BlockingCommands;
import io.keydb.server.command.CommandTester;
import io.keydb.server.command.Gatekeeper;
import io.keydb.server.memory.NativeHeap;
import io.keydb.server.net.Acceptor;
import io.keydb.server.net.BindAddress;
import io.keydb.server.net.EventLoops;
import io.keydb.server.net.Listeners;
import io.keydb.server.net.NetworkSettings;
import io.keydb.server.net.RequestHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Clients that wait for keys, over real connections. */
class BlockedConnectionsTest {
    private static final class Served implements AutoCloseable {
        final CommandTester server =
                new CommandTester(false, 8, Gatekeeper.open(), BlockingCommands.take());
        final EventLoops loops = new EventLoops(1, true);
        final Listeners listeners;
        final int port;

        Served() throws Exception {
            listeners = listeners(loops, server.dispatcher());
            listeners.listen(List.of(BindAddress.parse("127.0.0.1")), 0);
            port = listeners.addresses().get(0).getPort();
        }

        TestClient client() throws Exception {
            return new TestClient(port);
        }

        void awaitBlocked(int count) {
            await(() -> server.dispatcher().blocking().blocked() == count);
        }

        @Override
        public void close() {
            listeners.close();
            loops.close();
            server.close();
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.yield();
        }
    }

    @Test
    void whatIsPipelinedBehindWaitsToo() throws Exception {
        try (Served served = new Served();
                TestClient waiting = served.client();
                TestClient other = served.client()) {
            waiting.send("TAKE", "k", "0");
            waiting.send("SET", "after", "1");
            served.awaitBlocked(1);
            waiting.send("GET", "after");
            assertThat(other.call("EXISTS", "after")).isEqualTo("0");
            assertThat(other.call("SET", "k", "v")).isEqualTo("OK");
            assertThat(other.call("EXISTS", "k")).isEqualTo("0");
            assertThat(waiting.reply()).isEqualTo("v");
            assertThat(waiting.reply()).isEqualTo("OK");
            assertThat(waiting.reply()).isEqualTo("1");
        }
    }

    @Test
    void timesOut() throws Exception {
        try (Served served = new Served();
                TestClient waiting = served.client()) {
            long start = System.nanoTime();
            assertThat(waiting.call("TAKE", "k", "0.05")).isEqualTo("(nil)");
            assertThat(System.nanoTime() - start).isGreaterThan(45_000_000L);
            assertThat(waiting.call("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void whoLeavesOrIsKilledWaitsNoLonger() throws Exception {
        try (Served served = new Served();
                TestClient other = served.client()) {
            try (TestClient leaving = served.client()) {
                leaving.send("TAKE", "k", "0");
                served.awaitBlocked(1);
            }
            served.awaitBlocked(0);
            try (TestClient killed = served.client()) {
                String id = killed.call("CLIENT", "ID");
                killed.send("TAKE", "k", "10");
                served.awaitBlocked(1);
                assertThat(other.call("CLIENT", "KILL", "ID", id)).isEqualTo("1");
                served.awaitBlocked(0);
                assertThat(killed.isEnded()).isTrue();
            }
            assertThat(other.call("SET", "k", "v")).isEqualTo("OK");
            assertThat(other.call("GET", "k")).isEqualTo("v");
        }
    }

    @Test
    void whoLeavesWhileAWorkerBeginsToWaitIsNotKept() throws Exception {
        try (Served served = new Served();
                TestClient other = served.client()) {
            for (int i = 0; i < 20; i++) {
                served.server.keyspace().lock(served.server.keyspace().allPartitions());
                try (Socket leaving = new Socket("127.0.0.1", served.port)) {
                    leaving.getOutputStream()
                            .write("TAKE k 0\r\n".getBytes(StandardCharsets.US_ASCII));
                    Thread.sleep(5); // the event loop gives up, a worker waits for the lock
                    if (i % 2 == 0) {
                        leaving.shutdownOutput();
                        Thread.sleep(5);
                    }
                    served.server.keyspace().unlock(served.server.keyspace().allPartitions());
                    if (i % 2 == 0) {
                        assertThat(leaving.getInputStream().read()).isEqualTo(-1);
                    } else {
                        served.awaitBlocked(1);
                    }
                }
                served.awaitBlocked(0);
            }
            assertThat(other.call("SET", "k", "v")).isEqualTo("OK");
            assertThat(other.call("GET", "k")).isEqualTo("v");
        }
    }

    @Test
    void aServerThatStopsDisconnectsWhoWaits() throws Exception {
        List<TestClient> waiting = new ArrayList<>();
        try {
            try (Server server = TestServers.start();
                    TestClient other = new TestClient(server.port())) {
                for (int i = 0; i < 10; i++) {
                    TestClient client = new TestClient(server.port());
                    waiting.add(client);
                    client.send("BLPOP", "k", "0");
                }
                await(() -> reports(other, "blocked_clients:10"));
            }
            for (TestClient client : waiting) {
                assertThat(client.isEnded()).isTrue();
            }
        } finally {
            for (TestClient client : waiting) {
                client.close();
            }
        }
    }

    @Test
    void aServerThatBecomesAReplicaTellsWhoWaits() throws Exception {
        try (Server server = TestServers.start();
                TestClient waiting = new TestClient(server.port());
                TestClient other = new TestClient(server.port())) {
            waiting.send("BLPOP", "k", "0");
            await(() -> reports(other, "blocked_clients:1"));
            assertThat(other.call("REPLICAOF", "127.0.0.1", "1")).isEqualTo("OK");
            assertThat(waiting.reply())
                    .isEqualTo(
                            "-UNBLOCKED force unblock from blocking operation, instance state"
                                    + " changed (master -> replica?)");
            assertThat(waiting.isEnded()).isTrue();
            assertThat(reports(other, "blocked_clients:0")).isTrue();
        }
    }

    private static boolean reports(TestClient client, String line) {
        try {
            return client.call("INFO", "clients").contains(line + "\r\n");
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    @Test
    void thousandsCostLittle() throws Exception {
        int count = 2000;
        try (Served served = new Served();
                TestClient other = served.client()) {
            List<TestClient> waiting = new ArrayList<>(count);
            try {
                for (int i = 0; i < count; i++) {
                    TestClient client = served.client();
                    waiting.add(client);
                    client.send("TAKE", "k" + i % 100, "common", "3600");
                }
                served.awaitBlocked(count);
                assertThat(NativeHeap.allocatedBytes()).isLessThan(count * 2000L);
                for (int i = 0; i < 100; i++) {
                    assertThat(other.call("SET", "common", "v" + i)).isEqualTo("OK");
                    assertThat(waiting.get(i).reply()).isEqualTo("v" + i);
                }
                for (int i = 100; i < 200; i++) {
                    assertThat(other.call("SET", "k" + i % 100, "w" + i)).isEqualTo("OK");
                    assertThat(waiting.get(i).reply()).isEqualTo("w" + i);
                }
            } finally {
                for (TestClient client : waiting) {
                    client.close();
                }
            }
            served.awaitBlocked(0);
            assertThat(served.server.dispatcher().blocking().keys()).isZero();
        }
    }

    private static Listeners listeners(EventLoops loops, RequestHandler handler) {
        NetworkSettings settings = new NetworkSettings();
        return new Listeners(loops, settings, new Acceptor(loops, handler, settings, null));
    }
}
