package io.keydb.e2e.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.ServerLaunch;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Values of every type go to replicas, by a full sync and as a stream of commands, with stock on
 * either side; in the end both sides tell the same digest. DUMP and RESTORE carry them, too.
 */
class EveryTypeReplicationTest {
    private static final long SEED = Long.getLong("keydb.seed", System.nanoTime());
    private static final int OPERATIONS = Integer.getInteger("keydb.replication.writes", 2_500);

    @ParameterizedTest
    @ValueSource(strings = {"ours to ours", "ours to stock", "stock to ours", "active to stock"})
    void aReplicaEndsWithEqualData(String pair) throws Exception {
        try (ServerProcess primary = launch(pair.split(" ")[0]).start();
                ServerProcess replica = launch(pair.split(" ")[2]).start();
                RespClient writer = primary.connect();
                RespClient reader = replica.connect()) {
            Writes writes = new Writes(writer, new Random(SEED));
            writes.run(OPERATIONS);
            Nodes.link(reader, primary.port());
            Nodes.awaitLinkUp(replica);
            checkEqual(writer, reader, "by the full sync");
            writes.run(OPERATIONS);
            checkEqual(writer, reader, "by the stream");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ours to stock", "stock to ours", "ours to ours"})
    void payloadsAreTakenByTheOtherSide(String pair) throws Exception {
        try (ServerProcess from = launch(pair.split(" ")[0]).start();
                ServerProcess to = launch(pair.split(" ")[2]).start();
                RespClient source = from.connect();
                RespClient target = to.connect()) {
            new Writes(source, new Random(SEED)).run(OPERATIONS);
            for (var key : source.call("KEYS", "*").children()) {
                String payload = Nodes.call(source, "DUMP", key.text());
                String ttl = source.call("PTTL", key.text()).text();
                Nodes.call(target, "RESTORE", key.text(), ttl.startsWith("-") ? "0" : ttl, payload);
                assertThat(target.call("DEBUG", "DIGEST-VALUE", key.text()))
                        .as("seed %d %s", SEED, key.text())
                        .isEqualTo(source.call("DEBUG", "DIGEST-VALUE", key.text()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ours to stock", "stock to ours", "ours to ours"})
    void allKeysMoveToTheOtherSide(String pair) throws Exception {
        try (ServerProcess from = launch(pair.split(" ")[0]).start();
                ServerProcess to = launch(pair.split(" ")[2]).start();
                RespClient source = from.connect();
                RespClient target = to.connect()) {
            new Writes(source, new Random(SEED)).run(OPERATIONS);
            Nodes.call(target, "ACL", "SETUSER", "mover", "on", ">secret", "~*", "+@all");
            Nodes.call(target, "CONFIG", "SET", "requirepass", "other");
            Map<String, String> digests = new LinkedHashMap<>();
            for (var key : source.call("KEYS", "*").children()) {
                String digest = source.call("DEBUG", "DIGEST-VALUE", key.text()).toString();
                digests.put(key.text(), digest);
            }
            String port = Integer.toString(to.port());
            List<String> migrate =
                    new ArrayList<>(List.of("MIGRATE", "127.0.0.1", port, "", "0", "10000"));
            migrate.addAll(List.of("REPLACE", "AUTH2", "mover", "secret", "KEYS"));
            migrate.addAll(digests.keySet());
            Nodes.call(source, migrate.toArray(String[]::new));
            assertThat(Nodes.call(source, "DBSIZE")).isEqualTo("0");
            digests.forEach(
                    (key, digest) ->
                            assertThat(digestOf(target, key))
                                    .as("seed %d %s", SEED, key)
                                    .isEqualTo(digest));
        }
    }

    private static String digestOf(RespClient client, String key) {
        try {
            return client.call("DEBUG", "DIGEST-VALUE", key).toString();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void activeNodesConvergeWhileAllOfThemWrite() throws Exception {
        try (ServerProcess first = Nodes.active().start();
                ServerProcess second = Nodes.active().start();
                ServerProcess stock = Nodes.stock().start();
                RespClient one = first.connect();
                RespClient two = second.connect();
                RespClient reader = stock.connect()) {
            Nodes.link(one, second.port());
            Nodes.link(two, first.port());
            Nodes.awaitEqual(one, two);
            Nodes.link(reader, first.port());
            Nodes.awaitLinkUp(stock);
            List<Throwable> failures = new CopyOnWriteArrayList<>();
            List<Thread> writers = List.of(writer(first, 1, failures), writer(second, 2, failures));
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(failures).isEmpty();
            Nodes.awaitEqual(one, two);
            checkEqual(one, reader, "a stock replica of an active node");
        }
    }

    private static Thread writer(ServerProcess node, int number, List<Throwable> failures) {
        return Thread.ofPlatform()
                .start(
                        () -> {
                            try (RespClient client = node.connect()) {
                                new Writes(client, new Random(SEED + number)).run(OPERATIONS);
                            } catch (Exception | AssertionError failed) {
                                failures.add(failed);
                            }
                        });
    }

    private static ServerLaunch launch(String kind) {
        return switch (kind) {
            case "ours" -> Nodes.ours();
            case "active" -> Nodes.active();
            default -> Nodes.stock();
        };
    }

    private static void checkEqual(RespClient one, RespClient other, String how) throws Exception {
        String mark = "mark" + System.nanoTime();
        Nodes.call(one, "SET", "mark", mark);
        Nodes.await(
                "the replica has the last write",
                () -> other.call("GET", "mark").text().equals(mark));
        for (int database = 0; database < 2; database++) {
            one.call("SELECT", Integer.toString(database));
            other.call("SELECT", Integer.toString(database));
            for (var key : one.call("KEYS", "*").children()) {
                assertThat(other.call("DEBUG", "DIGEST-VALUE", key.text()))
                        .as("seed %d %s %s", SEED, how, key.text())
                        .isEqualTo(one.call("DEBUG", "DIGEST-VALUE", key.text()));
                // A stock primary does not tell how much a group has read.
                boolean tells = !one.call("INFO", "server").text().contains("redis_version:7.0");
                if (tells && one.call("TYPE", key.text()).text().equals("stream")) {
                    assertThat(other.call("XINFO", "GROUPS", key.text()))
                            .as("seed %d %s %s", SEED, how, key.text())
                            .isEqualTo(one.call("XINFO", "GROUPS", key.text()));
                }
            }
        }
        one.call("SELECT", "0");
        other.call("SELECT", "0");
        assertThat(Nodes.call(other, "DEBUG", "DIGEST"))
                .as("seed %d %s", SEED, how)
                .isEqualTo(Nodes.call(one, "DEBUG", "DIGEST"));
    }
}
