package io.keydb.e2e.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.ServerLaunch;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What the tests of this package ask of servers. */
final class Nodes {
    private static final Duration MERGED_WITHIN = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 20;

    private Nodes() {}

    /** An active node that takes several links. */
    static ServerLaunch active() {
        return ours().with("--active-replica", "yes", "--multi-master", "yes");
    }

    /** A plain server of ours. */
    static ServerLaunch ours() {
        ServerLaunch launch = ServerLaunch.ours().with("--enable-debug-command", "yes");
        assumeTrue(launch.isPossible(), launch.reasonImpossible());
        return launch;
    }

    /** A stock server. */
    static ServerLaunch stock() {
        ServerLaunch launch =
                ServerLaunch.stock()
                        .with("--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0");
        assumeTrue(launch.isPossible(), launch.reasonImpossible());
        return launch;
    }

    /** Runs a command that must not fail. */
    static String call(RespClient client, String... arguments) throws IOException {
        var reply = client.call(arguments);
        assertThat(reply.isError()).as("%s: %s", String.join(" ", arguments), reply).isFalse();
        return reply.text();
    }

    /** The fields of INFO replication. */
    static Map<String, String> replication(RespClient client) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line : call(client, "INFO", "replication").split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        return fields;
    }

    /** Makes one node read from a port. */
    static void link(RespClient reader, int port) throws IOException {
        call(reader, "REPLICAOF", "127.0.0.1", Integer.toString(port));
    }

    /** Waits until the condition holds. */
    static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + MERGED_WITHIN.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + MERGED_WITHIN + ": " + what);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /**
     * Waits until all nodes have merged links, the same vector and the same digest, and gives it.
     * Digests are asked for one after the other, so while keys expire they may differ for a moment;
     * data that differ do so for ever.
     */
    static String awaitEqual(RespClient... clients) throws Exception {
        await("all links merged and vectors equal", () -> areEqual(clients));
        await("all digests equal", () -> digests(clients).size() == 1);
        return digests(clients).iterator().next();
    }

    private static Set<String> digests(RespClient... clients) throws IOException {
        Set<String> digests = new HashSet<>();
        for (RespClient client : clients) {
            digests.add(call(client, "DEBUG", "DIGEST"));
        }
        return digests;
    }

    private static boolean areEqual(RespClient... clients) throws IOException {
        String vector = "";
        for (RespClient client : clients) {
            Map<String, String> fields = replication(client);
            String own = fields.getOrDefault("replication_vector", "");
            for (int i = 0; fields.containsKey("link" + i); i++) {
                if (!fields.getOrDefault("link" + i, "").contains("state=merged")) {
                    return false;
                }
            }
            if (!vector.isEmpty() && !vector.equals(own)) {
                return false;
            }
            vector = own;
        }
        return true;
    }

    /** Waits until the server answers LOADING to nobody and its link is up. */
    static void awaitLinkUp(ServerProcess replica) throws Exception {
        try (RespClient client = replica.connect()) {
            await(
                    "the link to the primary is up",
                    () -> "up".equals(replication(client).get("master_link_status")));
        }
    }

    /** Something that becomes true. */
    interface Condition {
        boolean holds() throws Exception;
    }
}
