package io.keydb.e2e.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.ServerLaunch;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Plain replication as stock does it, with stock on either side: full sync, stream, partial resync,
 * chains.
 */
class PlainReplicationTest {
    private static final long SEED = Long.getLong("keydb.seed", System.nanoTime());

    @ParameterizedTest
    @ValueSource(strings = {"ours to ours", "ours to stock", "stock to ours"})
    void aReplicaFollowsThroughLossesOfTheLink(String pair) throws Exception {
        ServerLaunch primaryLaunch = pair.startsWith("ours") ? Nodes.ours() : Nodes.stock();
        ServerLaunch replicaLaunch = pair.endsWith("ours") ? Nodes.ours() : Nodes.stock();
        Random random = new Random(SEED);
        try (ServerProcess primary = primaryLaunch.start();
                ServerProcess replica = replicaLaunch.start();
                Cable cable = new Cable(primary.port());
                RespClient writer = primary.connect();
                RespClient reader = replica.connect()) {
            write(writer, random, 2_000);
            Nodes.call(reader, "SET", "gone", "after the full sync");
            Nodes.link(reader, cable.port());
            write(writer, random, 2_000);
            Nodes.awaitLinkUp(replica);
            checkEqual(writer, reader);
            assertThat(reader.call("SET", "a", "b").toString()).contains("READONLY");
            for (int i = 0; i < 3; i++) {
                cable.cut();
                write(writer, random, 300);
                cable.mend();
                Nodes.awaitLinkUp(replica);
                checkEqual(writer, reader);
            }
            assertThat(pair.endsWith("ours") ? replica.log() : primary.log())
                    .as("seed %d", SEED)
                    .containsIgnoringCase("partial resync");
            Nodes.call(reader, "REPLICAOF", "NO", "ONE");
            Nodes.call(reader, "SET", "a", "b");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ours", "stock", "active"})
    void aServerThatIsStoppedWaitsForAReplicaThatLags(String kind) throws Exception {
        boolean active = kind.equals("active");
        ServerLaunch replicaLaunch =
                switch (kind) {
                    case "ours" -> Nodes.ours();
                    case "active" -> Nodes.active();
                    default -> Nodes.stock();
                };
        try (ServerProcess primary =
                        (active ? Nodes.active() : Nodes.ours())
                                .with("--shutdown-timeout", "300")
                                .start();
                ServerProcess replica = replicaLaunch.start();
                RespClient writer = primary.connect();
                RespClient reader = replica.connect()) {
            Nodes.call(writer, "SET", "k", "1");
            Nodes.link(reader, primary.port());
            Nodes.await("the data are there", () -> "1".equals(reader.call("GET", "k").text()));
            signal(replica, "STOP");
            try {
                Nodes.call(writer, "INCR", "k");
                signal(primary, "TERM");
                Nodes.await(
                        "it waits",
                        () -> Nodes.call(writer, "INFO", "server").contains("shutdown_in_millis"));
                assertThat(Nodes.call(writer, "GET", "k")).isEqualTo("2");
                writer.send("INCR k\r\n");
            } finally {
                signal(replica, "CONT");
            }
            assertThat(primary.await()).isZero();
            assertThat(primary.log())
                    .contains("1 of 1 replicas are in sync")
                    .doesNotContain("Lagging");
            assertThat(Nodes.call(reader, "GET", "k")).isEqualTo("2");
        }
    }

    @Test
    void aStockReplicaGetsWhatJobsDo() throws Exception {
        try (ServerProcess primary = Nodes.ours().with("--hz", "100").start();
                ServerProcess replica = Nodes.stock().start();
                RespClient writer = primary.connect();
                RespClient reader = replica.connect()) {
            String count = "return redis.call('INCR', 'runs')";
            Nodes.call(writer, "KEYDB.CRON", "early", "REPEAT", "3600000", count);
            Nodes.link(reader, primary.port());
            Nodes.call(writer, "KEYDB.CRON", "often", "REPEAT", "0", "100", count);
            Nodes.call(writer, "KEYDB.CRON", "once", "SINGLE", "0", "1", count);
            Nodes.await("jobs have run", () -> runs(reader) > 5);
            Nodes.call(writer, "DEL", "often");
            Nodes.await("all runs are there", () -> runs(reader) == runs(writer));
            assertThat(Nodes.call(reader, "DBSIZE")).isEqualTo("1");
        }
    }

    private static long runs(RespClient client) throws IOException {
        String runs = client.call("GET", "runs").text();
        return runs.isEmpty() ? 0 : Long.parseLong(runs);
    }

    private static void signal(ServerProcess server, String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(server.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "active"})
    void stockFollowsOursAndAReplicaOfTheReplica(String kind) throws Exception {
        boolean active = kind.equals("active");
        Random random = new Random(SEED);
        try (ServerProcess primary = (active ? Nodes.active() : Nodes.ours()).start();
                ServerProcess peer = (active ? Nodes.active() : Nodes.ours()).start();
                ServerProcess last = Nodes.stock().start();
                RespClient writer = primary.connect();
                RespClient middle = peer.connect();
                RespClient reader = last.connect()) {
            Nodes.link(middle, primary.port());
            if (active) {
                Nodes.link(writer, peer.port());
                Nodes.awaitEqual(writer, middle);
            } else {
                Nodes.awaitLinkUp(peer);
            }
            Nodes.link(reader, peer.port());
            Nodes.awaitLinkUp(last);
            write(writer, random, 2_000);
            if (active) {
                write(middle, random, 1_000);
                Nodes.awaitEqual(writer, middle);
            }
            checkEqual(writer, reader);
        }
    }

    @Test
    void fullSyncsWhileManyClientsWriteAreExact() throws Exception {
        try (ServerProcess primary = Nodes.ours().with("--server-threads", "2").start();
                RespClient client = primary.connect()) {
            Nodes.call(client, "DEBUG", "POPULATE", "30000", "filler", "100");
            AtomicBoolean stop = new AtomicBoolean();
            List<Thread> writers = new ArrayList<>();
            List<Throwable> failures = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 4; i++) {
                Random random = new Random(SEED + i);
                writers.add(
                        Thread.ofPlatform()
                                .start(() -> increment(primary, random, stop, failures)));
            }
            try (ServerProcess ours = Nodes.ours().with("--server-threads", "2").start();
                    ServerProcess stock = Nodes.stock().start();
                    RespClient onOurs = ours.connect();
                    RespClient onStock = stock.connect()) {
                Nodes.link(onOurs, primary.port());
                Nodes.awaitLinkUp(ours);
                Nodes.link(onStock, primary.port());
                Nodes.awaitLinkUp(stock);
                Thread.sleep(500);
                stop.set(true);
                for (Thread writer : writers) {
                    writer.join();
                }
                assertThat(failures).isEmpty();
                checkEqual(client, onOurs);
                checkEqual(client, onStock);
            }
        }
    }

    /** Only increments: one that is lost or comes twice shows. */
    private static void increment(
            ServerProcess server, Random random, AtomicBoolean stop, List<Throwable> failures) {
        try (RespClient client = server.connect()) {
            while (!stop.get()) {
                Nodes.call(client, "INCR", "counter" + random.nextInt(200));
                if (random.nextInt(5) == 0) {
                    Nodes.call(client, "MULTI");
                    Nodes.call(client, "INCR", "counter" + random.nextInt(200));
                    Nodes.call(client, "APPEND", "text" + random.nextInt(50), "x");
                    Nodes.call(client, "EXEC");
                }
            }
        } catch (Exception | AssertionError failed) {
            failures.add(failed);
        }
    }

    /**
     * Writes something that replays to the same state; ends with a marker that {@link #checkEqual}
     * waits for.
     */
    private static void write(RespClient client, Random random, int operations) throws Exception {
        for (int i = 0; i < operations; i++) {
            String key = "k" + random.nextInt(500);
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> Nodes.call(client, "SET", key, "v" + random.nextInt());
                case 3 -> Nodes.call(client, "DEL", key);
                case 4 -> Nodes.call(client, "INCR", "n" + random.nextInt(20));
                case 5 -> Nodes.call(client, "SET", key, "text".repeat(random.nextInt(500)));
                case 6 ->
                        Nodes.call(
                                client, "SET", key, "soon", "PX", "" + (50 + random.nextInt(100)));
                case 7 -> Nodes.call(client, "EXPIRE", key, "100000");
                case 8 -> Nodes.call(client, "INCRBYFLOAT", "f" + random.nextInt(5), "0.25");
                case 9 -> {
                    Nodes.call(client, "MULTI");
                    Nodes.call(client, "SET", key, "transaction");
                    Nodes.call(client, "APPEND", key, "al");
                    Nodes.call(client, "EXEC");
                }
                case 10 -> {
                    Nodes.call(client, "SELECT", Integer.toString(random.nextInt(3)));
                    Nodes.call(client, "SET", "in" + random.nextInt(9), "database");
                }
                default -> client.call("RENAME", key, "k" + random.nextInt(500));
            }
        }
        Nodes.call(client, "SELECT", "0");
    }

    private static void checkEqual(RespClient one, RespClient other) throws Exception {
        String mark = "mark" + System.nanoTime();
        Nodes.call(one, "SET", "mark", mark);
        Nodes.await(
                "the replica has the last write",
                () -> other.call("GET", "mark").text().equals(mark));
        // Short-lived keys are gone on both sides after this, logically at least.
        Thread.sleep(200);
        for (int database = 0; database < 3; database++) {
            Nodes.call(one, "SELECT", Integer.toString(database));
            Nodes.call(other, "SELECT", Integer.toString(database));
            List<String> keys = keys(one);
            assertThat(keys(other)).as("seed %d", SEED).isEqualTo(keys);
            keys.removeIf(key -> key.startsWith("filler"));
            for (String key : keys) {
                assertThat(state(other, key))
                        .as("seed %d %s", SEED, key)
                        .isEqualTo(state(one, key));
            }
        }
        Nodes.call(one, "SELECT", "0");
        Nodes.call(other, "SELECT", "0");
    }

    private static List<String> keys(RespClient client) throws Exception {
        List<String> keys = new ArrayList<>();
        for (var key : client.call("KEYS", "*").children()) {
            keys.add(key.text());
        }
        keys.sort(null);
        return keys;
    }

    private static String state(RespClient client, String key) throws Exception {
        return client.call("GET", key) + "@" + client.call("PEXPIRETIME", key);
    }
}
