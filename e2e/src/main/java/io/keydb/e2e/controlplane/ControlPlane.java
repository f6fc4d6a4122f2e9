package io.keydb.e2e.controlplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.api.Api;
import io.keydb.e2e.controlplane.api.GarbageCollector;
import io.keydb.e2e.controlplane.api.HttpApi;
import io.keydb.e2e.controlplane.api.ResourceKinds;
import io.keydb.e2e.controlplane.api.WriteOptions;
import io.keydb.e2e.controlplane.json.Json;
import io.keydb.e2e.controlplane.kubelet.BackOff;
import io.keydb.e2e.controlplane.kubelet.Directories;
import io.keydb.e2e.controlplane.kubelet.Kubelet;
import io.keydb.e2e.controlplane.kubelet.NodeContext;
import io.keydb.e2e.controlplane.kubelet.ProcessLedger;
import io.keydb.e2e.controlplane.kubelet.ServerRuntime;
import io.keydb.e2e.controlplane.network.AddressBlock;
import io.keydb.e2e.controlplane.network.HostsFile;
import io.keydb.e2e.controlplane.network.ServiceProxy;
import io.keydb.e2e.controlplane.workload.EndpointsController;
import io.keydb.e2e.controlplane.workload.StatefulSetController;
import io.keydb.e2e.controlplane.workload.VolumeClaimController;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A running local cluster: everything but the operator.
 *
 * <p>Its directory holds {@code kubeconfig}, {@code hosts}, {@code logs/}, and what pods write
 * ({@code pods/}, {@code volumes/}); closing it stops every process it has started and removes all
 * but the logs.
 *
 * <p>Threads: safe; its parts have their own.
 */
public final class ControlPlane implements AutoCloseable {

    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final Path state;
    private final AddressBlock addresses;
    private final Api api;
    private final ProcessLedger ledger;
    private final HostsFile hosts;
    private final HttpApi http;
    private final List<AutoCloseable> controllers;

    private ControlPlane(Path state, AddressBlock addresses, ServerRuntime runtime, BackOff backOff)
            throws IOException {
        this.state = state;
        this.addresses = addresses;
        this.ledger = new ProcessLedger();
        this.api = new Api(addresses);
        createNamespace("default");
        createNamespace("kube-system");
        this.hosts = new HostsFile(api, state.resolve("hosts"));
        Kubelet kubelet =
                new Kubelet(
                        new NodeContext(
                                api, addresses, runtime, ledger, state, hosts.path(), backOff));
        this.controllers =
                List.of(
                        new GarbageCollector(api),
                        new StatefulSetController(api),
                        new VolumeClaimController(api, state.resolve("volumes")),
                        new EndpointsController(api),
                        new ServiceProxy(api),
                        kubelet,
                        hosts);
        this.http = HttpApi.start(api, kubelet, addresses.controlPlane(), AddressBlock.API_PORT);
        Files.writeString(kubeconfig(), kubeconfigText());
    }

    /**
     * Starts a cluster.
     *
     * @param parent where its directory is made
     * @param runtime what runs behind the server's image
     * @param backOff waits between container restarts
     */
    public static ControlPlane start(Path parent, ServerRuntime runtime, BackOff backOff)
            throws IOException {
        AddressBlock addresses = AddressBlock.claim();
        try {
            Path state = parent.toAbsolutePath().resolve("cluster-" + addresses.number());
            Directories.delete(state);
            Files.createDirectories(state.resolve("logs"));
            return new ControlPlane(state, addresses, runtime, backOff);
        } catch (IOException | RuntimeException e) {
            addresses.close();
            throw e;
        }
    }

    private void createNamespace(String name) {
        ObjectNode namespace = Json.object();
        namespace.putObject("metadata").put("name", name);
        api.create(ResourceKinds.NAMESPACE, "", namespace, WriteOptions.by("control-plane"));
    }

    private String kubeconfigText() {
        return """
        apiVersion: v1
        kind: Config
        current-context: keydb-local
        clusters:
        - name: keydb-local
          cluster: {server: "%s"}
        contexts:
        - name: keydb-local
          context: {cluster: keydb-local, user: local, namespace: default}
        users:
        - name: local
          user: {}
        """
                .formatted(url());
    }

    public Api api() {
        return api;
    }

    /** Where clients find the API server. */
    public String url() {
        return http.url();
    }

    /** The client configuration of this cluster, for {@code KUBECONFIG}. */
    public Path kubeconfig() {
        return state.resolve("kubeconfig");
    }

    /** The cluster's names, for {@code -Djdk.net.hosts.file}. */
    public Path hostsFile() {
        return hosts.path();
    }

    /** The cluster's directory. */
    public Path state() {
        return state;
    }

    /** Where processes of this cluster are started and listed. */
    public ProcessLedger ledger() {
        return ledger;
    }

    /** The address of the control plane itself. */
    public String address() {
        return addresses.controlPlane();
    }

    @Override
    public void close() throws IOException {
        for (AutoCloseable controller : controllers) {
            try {
                controller.close();
            } catch (Exception e) {
                throw new IOException("a controller cannot be closed", e);
            }
        }
        ledger.stopAll(STOP_WITHIN);
        http.close();
        ledger.close();
        for (String removed : List.of("pods", "volumes", "hosts", "kubeconfig", "passwords")) {
            Directories.delete(state.resolve(removed));
        }
        addresses.close();
    }
}
