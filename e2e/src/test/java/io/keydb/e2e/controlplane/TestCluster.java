package io.keydb.e2e.controlplane;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.keydb.e2e.controlplane.kubelet.BackOff;
import io.keydb.e2e.controlplane.kubelet.ServerRuntime;
import io.keydb.e2e.process.RespClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A local cluster with a client, for one test. */
final class TestCluster implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final BackOff QUICK =
            new BackOff(Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(60));

    final ControlPlane plane;
    final KubernetesClient client;

    TestCluster(Path directory, ServerRuntime runtime) throws IOException {
        plane = ControlPlane.start(directory, runtime, QUICK);
        client = clientOf(plane.url());
    }

    static KubernetesClient clientOf(String url) {
        Config config =
                new ConfigBuilder(Config.empty())
                        .withMasterUrl(url)
                        .withNamespace("default")
                        .withRequestTimeout(10_000)
                        .withRequestRetryBackoffLimit(0)
                        .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    void apply(String yaml) {
        for (String document : yaml.split("(?m)^---$")) {
            client.resource(document).forceConflicts().serverSideApply();
        }
    }

    @Nullable Pod pod(String name) {
        return client.pods().withName(name).get();
    }

    Pod awaitReady(String name) {
        Await.until(PATIENCE, () -> isReady(pod(name)));
        return Optional.ofNullable(pod(name)).orElseThrow();
    }

    static boolean isReady(@Nullable Pod pod) {
        return pod != null
                && pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(
                                condition ->
                                        condition.getType().equals("Ready")
                                                && condition.getStatus().equals("True"));
    }

    static long process(Pod pod) {
        String id = pod.getStatus().getContainerStatuses().getFirst().getContainerID();
        return Long.parseLong(id.substring("process://".length()));
    }

    static int restarts(Pod pod) {
        return pod.getStatus().getContainerStatuses().getFirst().getRestartCount();
    }

    InetSocketAddress address(String service) {
        Service found = client.services().withName(service).get();
        return new InetSocketAddress(
                found.getSpec().getClusterIP(), found.getSpec().getPorts().getFirst().getPort());
    }

    RespClient connect(InetSocketAddress address) throws IOException {
        return RespClient.connect(address, Duration.ofSeconds(5));
    }

    static void signal(String name, long process) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process)).start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        plane.close();
    }
}
