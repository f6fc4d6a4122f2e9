package io.keydb.operator.plan;

import static io.keydb.operator.TestResources.keydb;
import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.operator.plan.SimulatedCluster.Server;
import io.keydb.operator.resources.Labels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens in whatever order: no acknowledged write is lost, one member takes the writes,
 * and the deployment settles.
 */
class PlannerModelTest {
    private static final int SEEDS = Integer.getInteger("model.seeds", 8);
    private static final int EVENTS = 40;

    /** One run: what happened to a deployment so far. */
    private static final class Run {
        final Random random;
        final SimulatedCluster cluster;
        final Map<String, Long> acknowledged = new HashMap<>();
        int replicas = 3;
        int revision;

        Run(long seed) {
            random = new Random(seed);
            cluster = new SimulatedCluster(resource());
            cluster.settle();
        }

        KeyDB resource() {
            return keydb(
                    "topology: {mode: MultiMaster}, replicas: "
                            + replicas
                            + ", config: {hz: '"
                            + (10 + revision)
                            + "'}");
        }

        void happen() {
            switch (random.nextInt(8)) {
                case 0 -> {
                    replicas = 2 + random.nextInt(4);
                    cluster.keydb = resource();
                }
                case 1 -> {
                    revision++;
                    cluster.keydb = resource();
                }
                case 2 -> any().ifPresent(server -> cluster.kill(server.ordinal));
                case 3 -> cluster.servers.values().forEach(server -> server.isUp = true);
                case 4 -> cluster.mergeWorks = !cluster.mergeWorks;
                case 5 -> cluster.podsStart = !cluster.podsStart;
                default -> write();
            }
        }

        Optional<Server> any() {
            var servers = cluster.servers.values().stream().filter(server -> server.isUp).toList();
            return servers.isEmpty()
                    ? Optional.empty()
                    : Optional.of(servers.get(random.nextInt(servers.size())));
        }

        /**
         * A client writes where the service leads; one that is still connected writes where it was
         * led before.
         */
        void write() {
            for (var server : cluster.servers.values()) {
                if (server.isReady() && server.hasTrue(Labels.SERVING)) {
                    server.clients = 1;
                }
                if (server.isReady() && server.clients > 0) {
                    cluster.write(server.ordinal);
                    acknowledged.put(server.nodeId, server.holds.get(server.nodeId));
                }
            }
        }

        void reconcile() {
            var couldServe = inService() > 0;
            cluster.reconcile();
            var writers = writers();
            assertThat(writers.size()).as("members that take writes").isLessThanOrEqualTo(1);
            if (couldServe && cluster.servers.values().stream().anyMatch(Server::isReady)) {
                assertThat(cluster.servers.values())
                        .as("members that clients are led to")
                        .anyMatch(server -> server.hasTrue(Labels.SERVING));
            }
        }

        long inService() {
            return cluster.servers.values().stream()
                    .filter(server -> server.isReady() && server.hasTrue(Labels.SERVING))
                    .count();
        }

        List<Integer> writers() {
            return cluster.servers.values().stream()
                    .filter(server -> server.isReady() && server.hasTrue(Labels.WRITE))
                    .map(server -> server.ordinal)
                    .toList();
        }

        void end() {
            cluster.mergeWorks = true;
            cluster.podsStart = true;
            cluster.servers.values().forEach(server -> server.isUp = true);
            cluster.settle();
            assertThat(inService()).isEqualTo(replicas);
            assertThat(writers()).hasSize(1);
            acknowledged.forEach(
                    (node, count) ->
                            assertThat(held(node))
                                    .as("writes of " + node)
                                    .isGreaterThanOrEqualTo(count));
        }

        /** By every member, or, if a dead member was removed, on the volume it left. */
        long held(String node) {
            var ordinal = Integer.parseInt(node.substring("node".length()));
            var everywhere =
                    cluster.servers.values().stream()
                            .mapToLong(server -> server.holds.getOrDefault(node, 0L))
                            .min()
                            .orElse(0);
            var left =
                    cluster.servers.containsKey(ordinal)
                            ? 0L
                            : cluster.volumes
                                    .getOrDefault(ordinal, Map.of())
                                    .getOrDefault(node, 0L);
            return Math.max(everywhere, left);
        }
    }

    @Test
    void nothingIsLostAndEverythingSettles() {
        for (var seed = 0L; seed < SEEDS; seed++) {
            var run = new Run(seed);
            try {
                for (var i = 0; i < EVENTS; i++) {
                    run.happen();
                    for (var j = run.random.nextInt(12); j >= 0; j--) {
                        run.reconcile();
                    }
                }
                run.end();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + "\n" + run.cluster.dump(), e);
            }
        }
    }
}
