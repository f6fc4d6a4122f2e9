package io.keydb.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.keydb.e2e.process.RespClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services lead to the ready pods their selector names, and follow at once. */
class ServiceTrafficTest {

    private static final String SERVICE =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: db-rw}
            spec:
              selector: {app: db, write: 'true'}
              ports: [{port: 6380, targetPort: redis}]
            """;

    private static final String SET =
            """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db}
            spec:
              serviceName: db-headless
              replicas: 2
              podManagementPolicy: Parallel
              selector: {matchLabels: {app: db}}
              template:
                metadata: {labels: {app: db}}
                spec:
                  terminationGracePeriodSeconds: 2
                  containers:
                  - name: server
                    image: keydb-server:1
                    args: [--port, '6379', --save, '']
                    ports: [{containerPort: 6379, name: redis}]
                    readinessProbe: {tcpSocket: {port: redis}, periodSeconds: 1, failureThreshold: 1}
            """;

    @TempDir Path directory;
    private TestCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = new TestCluster(directory, StockServer.installed());
        cluster.apply(SERVICE + "---\n" + SET);
        for (String name : new String[] {"db-0", "db-1"}) {
            Pod pod = cluster.awaitReady(name);
            try (RespClient client =
                    cluster.connect(new InetSocketAddress(pod.getStatus().getPodIP(), 6379))) {
                client.call("SET", "name", name);
            }
        }
    }

    @AfterEach
    void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    private void label(String pod, String value) {
        cluster.client
                .pods()
                .withName(pod)
                .edit(
                        old ->
                                new PodBuilder(old)
                                        .editMetadata()
                                        .addToLabels("write", value)
                                        .endMetadata()
                                        .build());
    }

    private boolean answers() {
        try (RespClient client = cluster.connect(cluster.address("db-rw"))) {
            return client.call("PING").isSimple("PONG");
        } catch (IOException _) {
            return false;
        }
    }

    private String serverBehind() throws IOException {
        try (RespClient client = cluster.connect(cluster.address("db-rw"))) {
            return client.call("GET", "name").text();
        }
    }

    @Test
    void aServiceWithoutEndpointsRefuses() {
        assertThatThrownBy(() -> cluster.connect(cluster.address("db-rw")).close())
                .isInstanceOf(IOException.class);
    }

    @Test
    void trafficFollowsLabelsAndOpenConnectionsEnd() throws IOException {
        label("db-0", "true");
        Await.until(this::answers);
        assertThat(serverBehind()).isEqualTo("db-0");
        try (RespClient open = cluster.connect(cluster.address("db-rw"))) {
            assertThat(open.call("GET", "name").text()).isEqualTo("db-0");
            label("db-0", "false");
            label("db-1", "true");
            Await.until(
                    () -> {
                        try {
                            open.call("PING");
                            return false;
                        } catch (IOException _) {
                            return true;
                        }
                    });
        }
        Await.until(this::answers);
        assertThat(serverBehind()).isEqualTo("db-1");
    }

    @Test
    void severalEndpointsTakeTurns() throws IOException {
        label("db-0", "true");
        label("db-1", "true");
        Await.until(this::answers);
        Await.until(
                () ->
                        cluster.client
                                        .endpoints()
                                        .withName("db-rw")
                                        .get()
                                        .getSubsets()
                                        .getFirst()
                                        .getAddresses()
                                        .size()
                                == 2);
        Set<String> seen = new HashSet<>();
        Await.until(
                () -> {
                    try {
                        seen.add(serverBehind());
                    } catch (IOException _) {
                        return false;
                    }
                    return seen.size() == 2;
                });
        assertThat(seen).containsExactlyInAnyOrder("db-0", "db-1");
    }

    @Test
    void aPodThatIsNotReadyGetsNoTraffic() {
        label("db-0", "true");
        Await.until(this::answers);
        Pod pod = cluster.awaitReady("db-0");
        TestCluster.signal("KILL", TestCluster.process(pod));
        Await.until(() -> !answers());
        Await.until(TestCluster.PATIENCE, this::answers);
    }
}
