package io.keydb.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.RespReply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pair of writable servers survives the sudden death of one. */
class ActiveReplicaScenarioTest {

    private static final long WRITES_GO_ON_WITHIN_MILLIS = 2_000;

    private static final String CART =
            """
            apiVersion: keydb.io/v1alpha1
            kind: KeyDB
            metadata: {name: cart}
            spec:
              topology: {mode: ActiveReplica}
              config: {enable-debug-command: 'yes'}
            """;

    @TempDir Path directory;

    @Test
    void writesGoOnAndBothSidesEndEqualWhenOneServerIsKilled() throws Exception {
        try (Cluster cluster = Cluster.start(directory)) {
            cluster.apply(CART);
            cluster.awaitReady("cart", 2);
            String password = cluster.password("cart");
            String killed = cluster.writePod("cart").orElseThrow();
            String survivor = killed.equals("cart-0-0") ? "cart-1-0" : "cart-0-0";
            try (SteadyWriter left =
                            new SteadyWriter("left-", () -> cluster.address("cart-0-0"), password);
                    SteadyWriter right =
                            new SteadyWriter(
                                    "right-", () -> cluster.address("cart-1-0"), password);
                    SteadyWriter endpoint =
                            new SteadyWriter(
                                    "endpoint-", () -> cluster.service("cart-rw"), password);
                    Witness witness = new Witness(cluster, survivor, password)) {
                Cluster.await(
                        () ->
                                left.acknowledged().size() > 100
                                        && right.acknowledged().size() > 100
                                        && endpoint.acknowledged().size() > 100,
                        () -> "writers: " + left.errors() + right.errors() + endpoint.errors());
                long killedAt = System.nanoTime();
                cluster.kill(killed);
                long gapMillis = writesGoOn(cluster, endpoint, killedAt);
                System.out.printf(
                        "writes through cart-rw went on %d ms after kill -9 of %s%n",
                        gapMillis, killed);
                assertThat(gapMillis).isLessThanOrEqualTo(WRITES_GO_ON_WITHIN_MILLIS);

                Cluster.await(
                        () -> cluster.restarts(killed) == 1,
                        () -> cluster.pod(killed).path("status"));
                cluster.awaitReady("cart", 2);
                Cluster.pause(1_000); // both sides write on for a while after the merge
                assertThat(witness.loading()).isEmpty();
                assertThat(cluster.restarts(survivor)).isZero();
            }
            Cluster.await(
                    () ->
                            cluster.digest("cart-0-0", password)
                                    .equals(cluster.digest("cart-1-0", password)),
                    () ->
                            cluster.digest("cart-0-0", password)
                                    + " and "
                                    + cluster.digest("cart-1-0", password));
            assertThat(cluster.digest("cart-0-0", password))
                    .matches("[0-9a-f]{40}")
                    .doesNotMatch("0{40}");
        }
    }

    /**
     * The time from the kill to the first acknowledgement that the killed server cannot have given.
     */
    private static long writesGoOn(Cluster cluster, SteadyWriter endpoint, long killedAt) {
        Cluster.await(
                () ->
                        endpoint.interruptedAt() - killedAt > 0
                                && endpoint.firstAfter(endpoint.interruptedAt()) > 0,
                () -> cluster.keydb("cart").path("status"));
        return TimeUnit.NANOSECONDS.toMillis(
                endpoint.firstAfter(endpoint.interruptedAt()) - killedAt);
    }

    /** Reads from the survivor all the time and keeps every answer that says LOADING. */
    private static final class Witness implements AutoCloseable {
        private final Cluster cluster;
        private final String pod;
        private final String password;
        private final List<String> loading = new CopyOnWriteArrayList<>();
        private final Thread thread;
        private volatile boolean closed;

        Witness(Cluster cluster, String pod, String password) {
            this.cluster = cluster;
            this.pod = pod;
            this.password = password;
            this.thread = Thread.ofPlatform().name("witness").daemon().start(this::run);
        }

        private void run() {
            while (!closed) {
                try (RespClient client = Cluster.connect(cluster.address(pod), password)) {
                    while (!closed) {
                        RespReply reply = client.call("GET", "left-1");
                        if (reply.isError()) {
                            loading.add(reply.text());
                        }
                        Cluster.pause(1);
                    }
                } catch (IOException e) {
                    loading.add(String.valueOf(e.getMessage()));
                    Cluster.pause(10);
                }
            }
        }

        List<String> loading() {
            return loading;
        }

        @Override
        public void close() throws InterruptedException {
            closed = true;
            thread.join();
        }
    }
}
