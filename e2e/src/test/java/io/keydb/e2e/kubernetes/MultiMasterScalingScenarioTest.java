package io.keydb.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.e2e.process.RespClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mesh grows and shrinks under writers, and nobody else notices. */
class MultiMasterScalingScenarioTest {

    private static final String MESH =
            """
            apiVersion: keydb.io/v1alpha1
            kind: KeyDB
            metadata: {name: mesh}
            spec:
              topology: {mode: MultiMaster}
              replicas: 3
              config: {enable-debug-command: 'yes'}
            """;

    @TempDir Path directory;

    @Test
    void noAcknowledgedWriteIsMissingAndNoOtherMemberRestarts() throws Exception {
        try (Cluster cluster = Cluster.start(directory)) {
            cluster.apply(MESH);
            cluster.awaitReady("mesh", 3);
            String password = cluster.password("mesh");
            Map<String, String> lives = lives(cluster, 3);
            List<SteadyWriter.Acknowledged> written = new ArrayList<>();
            try (SteadyWriter preferred =
                            new SteadyWriter("rw-", () -> cluster.service("mesh-rw"), password);
                    SteadyWriter anywhere =
                            new SteadyWriter("any-", () -> cluster.service("mesh-any"), password)) {
                awaitWrites(preferred, anywhere);

                cluster.scale("mesh", 5);
                cluster.awaitReady("mesh", 5);
                assertThat(lives(cluster, 3)).isEqualTo(lives);
                Map<String, String> livesOfFive = lives(cluster, 5);
                assertThat(livesOfFive.values())
                        .allSatisfy(life -> assertThat(life).endsWith("restarts 0"));
                awaitWrites(preferred, anywhere);

                cluster.scale("mesh", 2);
                cluster.awaitReady("mesh", 2);
                Cluster.await(
                        () ->
                                !cluster.exists("mesh-2-0")
                                        && !cluster.exists("mesh-3-0")
                                        && !cluster.exists("mesh-4-0"),
                        () -> cluster.keydb("mesh").path("status"));
                assertThat(lives(cluster, 2)).isEqualTo(first(lives, 2));
                awaitWrites(preferred, anywhere);
                assertThat(preferred.errors()).isEmpty();
                assertThat(anywhere.errors()).isEmpty();
                preferred.close();
                anywhere.close();
                written.addAll(preferred.acknowledged());
                written.addAll(anywhere.acknowledged());
            }
            Cluster.await(
                    () ->
                            cluster.digest("mesh-0-0", password)
                                    .equals(cluster.digest("mesh-1-0", password)),
                    () ->
                            cluster.digest("mesh-0-0", password)
                                    + " and "
                                    + cluster.digest("mesh-1-0", password));
            System.out.printf(
                    "%d writes acknowledged while 3 members became 5 and then 2%n", written.size());
            for (String pod : List.of("mesh-0-0", "mesh-1-0")) {
                assertThat(missing(cluster, pod, password, written))
                        .as("missing on " + pod)
                        .isEmpty();
            }
        }
    }

    private static void awaitWrites(SteadyWriter... writers) {
        for (SteadyWriter writer : writers) {
            int before = writer.acknowledged().size();
            Cluster.await(() -> writer.acknowledged().size() > before + 200, () -> writer.errors());
        }
    }

    private static Map<String, String> lives(Cluster cluster, int members) {
        Map<String, String> lives = new LinkedHashMap<>();
        for (int i = 0; i < members; i++) {
            lives.put("mesh-" + i + "-0", cluster.life("mesh-" + i + "-0"));
        }
        return lives;
    }

    private static Map<String, String> first(Map<String, String> lives, int members) {
        Map<String, String> result = new LinkedHashMap<>();
        lives.entrySet().stream()
                .limit(members)
                .forEach(entry -> result.put(entry.getKey(), entry.getValue()));
        return result;
    }

    private static List<String> missing(
            Cluster cluster, String pod, String password, List<SteadyWriter.Acknowledged> written)
            throws IOException {
        List<String> missing = new ArrayList<>();
        try (RespClient client = Cluster.connect(cluster.address(pod), password)) {
            for (SteadyWriter.Acknowledged write : written) {
                if (!client.call("GET", write.key()).text().equals("value-" + write.key())) {
                    missing.add(write.key());
                }
            }
        }
        return missing;
    }
}
