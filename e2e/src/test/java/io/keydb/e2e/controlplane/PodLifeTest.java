package io.keydb.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.keydb.e2e.process.RespClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** StatefulSets become pods, pods become processes, and both follow what happens to them. */
class PodLifeTest {

    private static final String CONFIGURATION =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: conf}
            data:
              keydb.conf: |
                port 6379
                dir /data
                include /etc/keydb-auth/auth.conf
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: auth}
            stringData:
              auth.conf: "requirepass secret\\n"
              password: secret
            """;

    private static final String CLAIM =
            """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: data}
            spec:
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 1Gi}}
            """;

    private static final String SET =
            """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db}
            spec:
              serviceName: db-headless
              replicas: 1
              podManagementPolicy: Parallel
              selector: {matchLabels: {app: db}}
              template:
                metadata: {labels: {app: db}}
                spec:
                  terminationGracePeriodSeconds: 2
                  containers:
                  - name: server
                    image: keydb-server:1
                    args: [/etc/keydb/keydb.conf, --loglevel, notice]
                    env:
                    - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                    ports: [{containerPort: 6379, name: redis}]
                    startupProbe: {tcpSocket: {port: redis}, periodSeconds: 1, failureThreshold: 20}
                    readinessProbe: {tcpSocket: {port: redis}, periodSeconds: 1, failureThreshold: 1}
                    livenessProbe:
                      exec: {command: [redis-cli, -h, POD, ping]}
                      periodSeconds: 1
                      failureThreshold: 30
                    volumeMounts:
                    - {name: config, mountPath: /etc/keydb}
                    - {name: auth, mountPath: /etc/keydb-auth}
                    - {name: data, mountPath: /data}
                  volumes:
                  - {name: config, configMap: {name: conf}}
                  - {name: auth, secret: {secretName: auth, items: [{key: auth.conf, path: auth.conf}]}}
                  - {name: data, persistentVolumeClaim: {claimName: data}}
            """;

    private static final String HEADLESS =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: db-headless}
            spec:
              clusterIP: None
              publishNotReadyAddresses: true
              selector: {app: db}
              ports: [{port: 6379, targetPort: redis}]
            """;

    @TempDir Path directory;
    private TestCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = new TestCluster(directory, StockServer.installed());
    }

    @AfterEach
    void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
            assertThat(cluster.plane.ledger().size()).isZero();
        }
    }

    private void applyAll(String set) {
        cluster.apply(CONFIGURATION + "---\n" + CLAIM + "---\n" + HEADLESS + "---\n" + set);
    }

    private RespClient connect(Pod pod) throws IOException {
        RespClient client =
                cluster.connect(new InetSocketAddress(pod.getStatus().getPodIP(), 6379));
        assertThat(client.call("AUTH", "secret").text()).isEqualTo("OK");
        return client;
    }

    @Test
    void aPodIsAServerOnItsOwnAddressWithItsVolumes() throws IOException {
        applyAll(SET);
        Pod pod = cluster.awaitReady("db-0");
        assertThat(pod.getStatus().getPodIP()).startsWith("127.").isNotEqualTo("127.0.0.1");
        assertThat(pod.getSpec().getNodeName()).isEqualTo("local");
        try (RespClient client = connect(pod)) {
            String dir = client.call("CONFIG", "GET", "dir").toString();
            String volume =
                    cluster.client
                            .persistentVolumeClaims()
                            .withName("data")
                            .get()
                            .getSpec()
                            .getVolumeName();
            assertThat(dir).contains(volume);
        }
        StatefulSet set = cluster.client.apps().statefulSets().withName("db").get();
        assertThat(set.getStatus().getReadyReplicas()).isEqualTo(1);
        assertThat(set.getStatus().getUpdateRevision())
                .isEqualTo(set.getStatus().getCurrentRevision());
        assertThat(cluster.client.pods().withName("db-0").getLog())
                .contains("Ready to accept connections");
    }

    @Test
    void aKilledContainerIsRestartedInPlace() throws IOException {
        applyAll(SET);
        Pod before = cluster.awaitReady("db-0");
        TestCluster.signal("KILL", TestCluster.process(before));
        Await.until(
                TestCluster.PATIENCE,
                () -> {
                    Pod pod = Objects.requireNonNull(cluster.pod("db-0"));
                    return TestCluster.restarts(pod) == 1 && TestCluster.isReady(pod);
                });
        Pod after = Objects.requireNonNull(cluster.pod("db-0"));
        assertThat(after.getMetadata().getUid()).isEqualTo(before.getMetadata().getUid());
        assertThat(after.getStatus().getPodIP()).isEqualTo(before.getStatus().getPodIP());
        assertThat(TestCluster.process(after)).isNotEqualTo(TestCluster.process(before));
        assertThat(
                        after.getStatus()
                                .getContainerStatuses()
                                .getFirst()
                                .getLastState()
                                .getTerminated()
                                .getExitCode())
                .isEqualTo(137);
    }

    @Test
    void aDeletedPodComesBackWithItsData() throws IOException {
        applyAll(SET);
        Pod before = cluster.awaitReady("db-0");
        try (RespClient client = connect(before)) {
            client.call("SET", "k", "v");
            client.call("SAVE");
        }
        cluster.client.pods().withName("db-0").delete();
        Await.until(
                TestCluster.PATIENCE,
                () -> {
                    Pod pod = cluster.pod("db-0");
                    return TestCluster.isReady(pod)
                            && !Objects.requireNonNull(pod)
                                    .getMetadata()
                                    .getUid()
                                    .equals(before.getMetadata().getUid());
                });
        try (RespClient client = connect(Objects.requireNonNull(cluster.pod("db-0")))) {
            assertThat(client.call("GET", "k").text()).isEqualTo("v");
        }
    }

    @Test
    void aStubbornProcessIsKilledWhenItsTimeIsUp() {
        applyAll(SET);
        Pod pod = cluster.awaitReady("db-0");
        long process = TestCluster.process(pod);
        TestCluster.signal("STOP", process);
        cluster.client.apps().statefulSets().withName("db").scale(0);
        Await.until(TestCluster.PATIENCE, () -> cluster.pod("db-0") == null);
        assertThat(ProcessHandle.of(process).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void anotherTemplateReplacesThePod() {
        applyAll(SET);
        Pod before = cluster.awaitReady("db-0");
        cluster.apply(SET.replace("notice", "warning"));
        Await.until(
                TestCluster.PATIENCE,
                () -> {
                    Pod pod = cluster.pod("db-0");
                    return TestCluster.isReady(pod)
                            && !Objects.requireNonNull(pod)
                                    .getMetadata()
                                    .getUid()
                                    .equals(before.getMetadata().getUid());
                });
        assertThat(
                        Objects.requireNonNull(cluster.pod("db-0"))
                                .getSpec()
                                .getContainers()
                                .getFirst()
                                .getArgs())
                .contains("warning");
    }

    @Test
    void orderedSetsGrowAndShrinkOneByOne() {
        String emptyDir = SET.replace("persistentVolumeClaim: {claimName: data}", "emptyDir: {}");
        applyAll(
                emptyDir.replace(
                                "podManagementPolicy: Parallel",
                                "podManagementPolicy: OrderedReady")
                        .replace("replicas: 1", "replicas: 3"));
        cluster.awaitReady("db-2");
        assertThat(TestCluster.isReady(cluster.pod("db-0"))).isTrue();
        assertThat(TestCluster.isReady(cluster.pod("db-1"))).isTrue();
        cluster.client.apps().statefulSets().withName("db").scale(1);
        Await.until(TestCluster.PATIENCE, () -> cluster.pod("db-1") == null);
        assertThat(cluster.pod("db-2")).isNull();
        assertThat(cluster.pod("db-0")).isNotNull();
    }

    @Test
    void aPodWaitsForItsVolumes() {
        cluster.apply(HEADLESS + "---\n" + SET);
        Await.until(() -> reasons("db-0").contains("FailedMount"));
        assertThat(Objects.requireNonNull(cluster.pod("db-0")).getStatus().getPhase())
                .isEqualTo("Pending");
        cluster.apply(CONFIGURATION + "---\n" + CLAIM);
        cluster.awaitReady("db-0");
    }

    private List<String> reasons(String pod) {
        return cluster.client.v1().events().list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getName().equals(pod))
                .map(Event::getReason)
                .toList();
    }

    @Test
    void aServerThatCannotStartBacksOff() {
        applyAll(SET.replace("--loglevel, notice", "--loglevel, nonsense"));
        Await.until(
                TestCluster.PATIENCE,
                () -> {
                    Pod pod = cluster.pod("db-0");
                    return pod != null
                            && !pod.getStatus().getContainerStatuses().isEmpty()
                            && TestCluster.restarts(pod) >= 2
                            && reasons("db-0").contains("BackOff");
                });
        assertThat(TestCluster.isReady(cluster.pod("db-0"))).isFalse();
    }

    @Test
    void anotherImageEntryPointIsRefused() {
        applyAll(SET.replace("args: [/etc", "command: [/bin/sh]\n        args: [/etc"));
        Await.until(() -> reasons("db-0").contains("Failed"));
    }

    @Test
    void aFailedLivenessProbeRestartsTheContainer() {
        applyAll(
                SET.replace("redis-cli, -h, POD, ping", "'false'")
                        .replace("failureThreshold: 30", "failureThreshold: 2"));
        Await.until(
                TestCluster.PATIENCE,
                () -> {
                    Pod pod = cluster.pod("db-0");
                    return pod != null
                            && !pod.getStatus().getContainerStatuses().isEmpty()
                            && TestCluster.restarts(pod) >= 1;
                });
        assertThat(reasons("db-0")).contains("Unhealthy", "Killing");
    }

    @Test
    void aClaimInUseStaysUntilItsPodGoes() throws IOException {
        applyAll(SET);
        cluster.awaitReady("db-0");
        String volume =
                cluster.client
                        .persistentVolumeClaims()
                        .withName("data")
                        .get()
                        .getSpec()
                        .getVolumeName();
        Path files = cluster.plane.state().resolve("volumes").resolve(volume);
        cluster.client.persistentVolumeClaims().withName("data").delete();
        assertThat(
                        cluster.client
                                .persistentVolumeClaims()
                                .withName("data")
                                .get()
                                .getMetadata()
                                .getFinalizers())
                .containsExactly("kubernetes.io/pvc-protection");
        cluster.client.apps().statefulSets().withName("db").scale(0);
        Await.until(
                TestCluster.PATIENCE,
                () -> cluster.client.persistentVolumeClaims().withName("data").get() == null);
        Await.until(() -> !Files.exists(files));
    }

    @Test
    void namesOfPodsAndServicesAreInTheHostsFile() throws IOException {
        applyAll(SET);
        String address = cluster.awaitReady("db-0").getStatus().getPodIP();
        Await.until(
                () -> hosts().contains(address + " db-0.db-headless.default.svc.cluster.local"));
        assertThat(hosts())
                .contains(" db-0.db-headless.default.svc ")
                .contains("127.0.0.1 localhost");
        cluster.client.apps().statefulSets().withName("db").scale(0);
        Await.until(TestCluster.PATIENCE, () -> !hosts().contains("db-0.db-headless"));
    }

    private String hosts() {
        try {
            return Files.readString(cluster.plane.hostsFile());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void twoClustersDoNotMeet(@TempDir Path other) throws IOException {
        applyAll(SET);
        cluster.awaitReady("db-0");
        try (TestCluster second = new TestCluster(other, StockServer.installed())) {
            assertThat(second.plane.url()).isNotEqualTo(cluster.plane.url());
            assertThat(second.client.pods().list().getItems()).isEmpty();
        }
        assertThatThrownBy(
                        () ->
                                cluster.client
                                        .apps()
                                        .statefulSets()
                                        .withName("db")
                                        .edit(
                                                set -> {
                                                    set.getSpec().setServiceName("other");
                                                    return set;
                                                }))
                .hasMessageContaining("updates to statefulset spec for fields other than");
    }
}
