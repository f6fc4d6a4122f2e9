package io.keydb.e2e.permissions;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.keydb.e2e.controlplane.ControlPlane;
import io.keydb.e2e.controlplane.OperatorProcess;
import io.keydb.e2e.controlplane.kubelet.BackOff;
import io.keydb.e2e.controlplane.kubelet.BuiltServer;
import io.keydb.e2e.process.ServerBinaries;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operator does all its work with the permissions that its chart gives it, and uses all of the
 * important ones.
 */
class OperatorPermissionsTest {
    private static final Path HOME = ServerBinaries.projectHome();
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final BackOff QUICK =
            new BackOff(Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(60));
    private static final String RESOURCE =
            """
            apiVersion: keydb.io/v1alpha1
            kind: KeyDB
            metadata: {name: small}
            spec:
              topology: {mode: %s}
              replicas: %d
              persistence: {reclaim: {whenDeleted: Delete, whenScaled: Delete}}
            """;

    @Test
    void chartAllowsWhatTheOperatorDoes(@TempDir Path directory) throws Exception {
        ChartRoles roles =
                ChartRoles.read(
                        HOME.resolve(
                                "charts/src/test/resources/golden/keydb-operator/defaults.expected.yaml"));
        assertThat(roles.size()).isGreaterThan(3);
        try (ControlPlane cluster = ControlPlane.start(directory, new BuiltServer(HOME), QUICK);
                KubernetesClient client = client(cluster.url());
                PermissionProxy proxy = new PermissionProxy(URI.create(cluster.url()), roles)) {
            applyDefinitions(client);
            pointOperatorAt(cluster, proxy.url());
            try (OperatorProcess operator = OperatorProcess.start(cluster, HOME, line -> {})) {
                liveThrough(client, operator);
            }
            assertThat(proxy.denied()).isEmpty();
            assertThat(proxy.allowed())
                    .contains(
                            "watch keydb.io/keydbs",
                            "patch /pods",
                            "create /events",
                            "create apps/statefulsets",
                            "create /secrets",
                            "delete /persistentvolumeclaims");
        }
    }

    @Test
    void anAccessThatNoRoleGivesIsRefused() throws IOException {
        ChartRoles roles =
                ChartRoles.read(
                        HOME.resolve(
                                "charts/src/test/resources/golden/keydb-operator/defaults.expected.yaml"));
        assertThat(roles.allow(Access.of("DELETE", "/api/v1/namespaces/a/pods/b", ""))).isFalse();
        assertThat(roles.allow(Access.of("GET", "/api/v1/nodes", ""))).isFalse();
        assertThat(roles.allow(Access.of("GET", "/api/v1/namespaces/a/pods?watch=true", "")))
                .isTrue();
        assertThat(
                        roles.allow(
                                Access.of(
                                        "PUT",
                                        "/apis/keydb.io/v1alpha1/namespaces/a/keydbs/b/status",
                                        "")))
                .isTrue();
        assertThat(roles.allow(Access.of("GET", "/version", ""))).isTrue();
    }

    /** A mesh is made, shrinks by a member and goes away with its volumes. */
    private static void liveThrough(KubernetesClient client, OperatorProcess operator)
            throws Exception {
        apply(client, RESOURCE.formatted("MultiMaster", 3));
        await(operator, () -> isReady(client, 3));
        apply(client, RESOURCE.formatted("MultiMaster", 2));
        await(operator, () -> isReady(client, 2) && claims(client) == 2);
        client.genericKubernetesResources("keydb.io/v1alpha1", "KeyDB")
                .inNamespace("default")
                .withName("small")
                .delete();
        await(operator, () -> claims(client) == 0);
    }

    private static int claims(KubernetesClient client) {
        return client.persistentVolumeClaims().inNamespace("default").list().getItems().size();
    }

    private static boolean isReady(KubernetesClient client, int members) {
        GenericKubernetesResource keydb =
                client.genericKubernetesResources("keydb.io/v1alpha1", "KeyDB")
                        .inNamespace("default")
                        .withName("small")
                        .get();
        return keydb != null
                && Integer.valueOf(members).equals(keydb.get("status", "readyReplicas"))
                && client.apps().statefulSets().inNamespace("default").list().getItems().size()
                        == members;
    }

    private static void apply(KubernetesClient client, String yaml) {
        client.resource(yaml).inNamespace("default").forceConflicts().serverSideApply();
    }

    private static void applyDefinitions(KubernetesClient client) throws IOException {
        Path definitions = HOME.resolve("crds/src/main/crd/keydbs.keydb.io-v1.yml");
        client.resource(Files.readString(definitions)).forceConflicts().serverSideApply();
    }

    /** The operator finds the API server by the cluster's client configuration. */
    private static void pointOperatorAt(ControlPlane cluster, String url) throws IOException {
        String configuration = Files.readString(cluster.kubeconfig());
        Files.writeString(cluster.kubeconfig(), configuration.replace(cluster.url(), url));
        assertThat(Files.readString(cluster.kubeconfig())).contains(url);
    }

    private static KubernetesClient client(String url) {
        Config config = new ConfigBuilder(Config.empty()).withMasterUrl(url).build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private static void await(OperatorProcess operator, BooleanSupplier condition)
            throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "not reached in time; the operator's log:\n"
                                + Files.readString(operator.log()));
            }
            Thread.sleep(100);
        }
    }
}
