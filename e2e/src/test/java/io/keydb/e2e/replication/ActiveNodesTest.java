package io.keydb.e2e.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.ServerLaunch;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Active nodes in pair, mesh and ring: through crashes, full merges, removals. */
class ActiveNodesTest {
    private static final long SEED = Long.getLong("keydb.seed", System.nanoTime());

    @Test
    void aNodeThatWasKilledReturnsEmptyAndMergesWhileTheOtherGoesOn(@TempDir Path directory)
            throws Exception {
        try (ServerProcess survivor = Nodes.active().start();
                RespClient a = survivor.connect()) {
            ServerProcess victim = Nodes.active().in(directory).start();
            try (Cable toVictim = new Cable(victim.port());
                    RespClient b = victim.connect()) {
                Nodes.link(a, toVictim.port());
                Nodes.link(b, survivor.port());
                Nodes.awaitEqual(a, b);
                fill(a, 40_000, "before");
                Nodes.call(b, "DEL", "before0");
                Nodes.awaitEqual(a, b);
                String id = Nodes.replication(b).get("node_id");
                victim.kill();
                for (int i = 1; i < 200; i++) {
                    Nodes.call(a, "DEL", "before" + i);
                    Nodes.call(a, "SET", "after" + i, "x");
                }
                victim = Nodes.active().in(directory).start();
                toVictim.target(victim.port());
                try (RespClient returned = victim.connect()) {
                    String digest = Nodes.awaitEqual(a, returned);
                    assertThat(Nodes.replication(returned)).containsEntry("node_id", id);
                    assertThat(Nodes.call(returned, "DBSIZE")).isEqualTo("39999");
                    assertThat(returned.call("GET", "before7").isNull()).isTrue();
                    Nodes.call(returned, "SET", "from", "returned");
                    assertThat(Nodes.awaitEqual(a, returned)).isNotEqualTo(digest);
                    assertThat(Nodes.call(a, "GET", "from")).isEqualTo("returned");
                    Nodes.call(a, "SET", "waited", "1");
                    assertThat(Nodes.call(a, "WAIT", "1", "5000")).isEqualTo("1");
                    assertThat(Nodes.call(returned, "GET", "waited")).isEqualTo("1");
                }
            } finally {
                victim.kill();
            }
        }
    }

    @Test
    void anotherNodeRunsTheJobsOfOneThatWasKilled() throws Exception {
        ServerProcess victim = Nodes.active().start();
        try (ServerProcess survivor = Nodes.active().start();
                RespClient a = victim.connect();
                RespClient b = survivor.connect()) {
            Nodes.link(a, survivor.port());
            Nodes.link(b, victim.port());
            Nodes.awaitEqual(a, b);
            String count = "return redis.call('INCR', 'runs')";
            Nodes.call(a, "KEYDB.CRON", "job", "REPEAT", "0", "100", count);
            Nodes.await("the job has run there", () -> runs(b) > 5);
            assertThat(Nodes.call(b, "INFO", "commandstats")).doesNotContain("cmdstat_eval");
            victim.kill();
            long before = runs(b);
            Nodes.await("the job runs here", () -> runs(b) > before + 5);
        } finally {
            victim.close();
        }
    }

    private static long runs(RespClient client) throws IOException {
        String runs = Nodes.call(client, "GET", "runs");
        return runs.isEmpty() ? 0 : Long.parseLong(runs);
    }

    @Test
    void aMeshOfThreeConvergesUnderConcurrentWritesAndLosesAMemberWithoutHarm() throws Exception {
        try (ServerProcess one = Nodes.active().start();
                ServerProcess two = Nodes.active().start();
                ServerProcess three = Nodes.active().start();
                RespClient a = one.connect();
                RespClient b = two.connect();
                RespClient c = three.connect()) {
            fill(a, 5_000, "early");
            List<ServerProcess> servers = List.of(one, two, three);
            for (ServerProcess reader : servers) {
                try (RespClient client = reader.connect()) {
                    for (ServerProcess peer : servers) {
                        if (peer != reader) {
                            Nodes.link(client, peer.port());
                        }
                    }
                }
            }
            Nodes.awaitEqual(a, b, c);
            writeOnAll(List.of(a, b, c), 3_000);
            Nodes.awaitEqual(a, b, c);
            assertThat(Nodes.replication(a)).containsEntry("connected_links", "2");
            String port = Integer.toString(three.port());
            assertThat(Nodes.call(a, "REPLICAOF", "127.0.0.1", port))
                    .isEqualTo("OK Already connected to specified master");
            Nodes.call(a, "REPLICAOF", "REMOVE", "127.0.0.1", port);
            Nodes.call(b, "REPLICAOF", "REMOVE", "127.0.0.1", port);
            assertThat(a.call("REPLICAOF", "REMOVE", "127.0.0.1", port).toString())
                    .contains("ERR Master not found");
            Nodes.call(c, "REPLICAOF", "NO", "ONE");
            writeOnAll(List.of(a, b), 1_000);
            Nodes.awaitEqual(a, b);
        }
    }

    @Test
    void aRingForwardsWhatOthersWrote() throws Exception {
        try (ServerProcess one = Nodes.active().start();
                ServerProcess two = Nodes.active().start();
                ServerProcess three = Nodes.active().start();
                RespClient a = one.connect();
                RespClient b = two.connect();
                RespClient c = three.connect()) {
            fill(a, 3_000, "early");
            Nodes.link(b, one.port());
            Nodes.link(c, two.port());
            Nodes.link(a, three.port());
            Nodes.awaitEqual(a, b, c);
            writeOnAll(List.of(a, b, c), 2_000);
            Nodes.awaitEqual(a, b, c);
            Nodes.call(b, "FLUSHALL");
            Nodes.call(b, "SET", "only", "one");
            Nodes.awaitEqual(a, b, c);
            assertThat(Nodes.call(a, "DBSIZE")).isEqualTo("1");
        }
    }

    @Test
    void linksAreMadeAgainAfterARestart(@TempDir Path directory) throws Exception {
        try (ServerProcess peer = Nodes.active().start();
                RespClient a = peer.connect()) {
            ServerProcess node = Nodes.active().in(directory).start();
            try (RespClient b = node.connect()) {
                Nodes.link(b, peer.port());
                Nodes.awaitEqual(b);
            }
            assertThat(node.stop()).isZero();
            assertThat(Files.readString(directory.resolve("links.conf")))
                    .contains("replicaof 127.0.0.1 " + peer.port());
            Nodes.call(a, "SET", "while", "away");
            node = Nodes.active().in(directory).start();
            try (RespClient b = node.connect()) {
                Nodes.await(
                        "the link is merged", () -> "away".equals(b.call("GET", "while").text()));
                Map<String, String> fields = Nodes.replication(b);
                assertThat(fields.get("link0")).contains("port=" + peer.port());
            } finally {
                node.kill();
            }
        }
    }

    @Test
    void aNodeThatIsStoppedWhileItIsWrittenToHandsOverEveryAcknowledgedWrite() throws Exception {
        try (ServerProcess stays = Nodes.active().start();
                RespClient a = stays.connect()) {
            ServerProcess leaves = Nodes.active().start();
            try (RespClient b = leaves.connect()) {
                Nodes.link(a, leaves.port());
                Nodes.link(b, stays.port());
                Nodes.awaitEqual(a, b);
                List<String> acknowledged = new ArrayList<>();
                Thread writer =
                        Thread.ofPlatform()
                                .start(
                                        () -> {
                                            try {
                                                for (int i = 0; ; i++) {
                                                    Nodes.call(b, "SET", "w" + i, "x");
                                                    acknowledged.add("w" + i);
                                                }
                                            } catch (Exception stopped) {
                                                // The server has closed the connection.
                                            }
                                        });
                Thread.sleep(1_000);
                assertThat(leaves.stop()).isZero();
                writer.join();
                assertThat(acknowledged).hasSizeGreaterThan(100);
                for (String key : acknowledged) {
                    assertThat(a.call("EXISTS", key).integer()).as(key).isEqualTo(1);
                }
            } finally {
                leaves.close();
            }
        }
    }

    @Test
    void peersAuthenticateAndAWrongPasswordIsTold() throws Exception {
        ServerLaunch secured =
                Nodes.active().with("--requirepass", "secret", "--masterauth", "secret");
        ServerLaunch wrong = Nodes.active().with("--requirepass", "secret", "--masterauth", "no");
        try (ServerProcess one = secured.start();
                ServerProcess two = secured.start();
                ServerProcess three = wrong.start();
                RespClient a = one.connect();
                RespClient b = two.connect();
                RespClient c = three.connect()) {
            for (RespClient client : List.of(a, b, c)) {
                Nodes.call(client, "AUTH", "secret");
            }
            Nodes.call(a, "SET", "a", "1");
            Nodes.link(b, one.port());
            Nodes.awaitEqual(b);
            assertThat(Nodes.call(b, "GET", "a")).isEqualTo("1");
            Nodes.link(c, one.port());
            Nodes.await("it is told", () -> three.log().contains("Unable to AUTH to MASTER"));
        }
    }

    @Test
    void aNodeLinkedToItselfSaysSoAndGoesOn() throws Exception {
        try (ServerProcess node = Nodes.active().start();
                RespClient client = node.connect()) {
            Nodes.link(client, node.port());
            Nodes.await("it is noticed", () -> node.log().contains("this is the node itself"));
            assertThat(Nodes.replication(client).get("link0")).contains("state=connecting");
            Nodes.call(client, "SET", "a", "1");
        }
    }

    private static void fill(RespClient client, int keys, String prefix) throws Exception {
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < keys; i++) {
            batch.append(RespClient.encode(List.of("SET", prefix + i, "value" + i)));
            if (i % 1_000 == 999 || i == keys - 1) {
                client.send(batch.toString());
                for (int n = i % 1_000; n >= 0; n--) {
                    assertThat(client.read().isError()).isFalse();
                }
                batch.setLength(0);
            }
        }
    }

    private static void writeOnAll(List<RespClient> clients, int operations) throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int i = 0; i < clients.size(); i++) {
            RespClient client = clients.get(i);
            Random random = new Random(SEED + i);
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            for (int n = 0; n < operations; n++) {
                                                write(client, random);
                                            }
                                        } catch (Throwable failed) {
                                            synchronized (failures) {
                                                failures.add(failed);
                                            }
                                        }
                                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).as("seed %d", SEED).isEmpty();
    }

    private static void write(RespClient client, Random random) throws Exception {
        String key = "k" + random.nextInt(300);
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> Nodes.call(client, "SET", key, "v" + random.nextInt());
            case 3 -> Nodes.call(client, "DEL", key);
            case 4 -> Nodes.call(client, "INCR", "counter" + random.nextInt(5));
            case 5 -> Nodes.call(client, "APPEND", key, "x");
            case 6 -> Nodes.call(client, "PEXPIRE", key, Integer.toString(random.nextInt(2_000)));
            default -> Nodes.call(client, "MSET", key, "1", "k" + random.nextInt(300), "2");
        }
    }
}
