package io.keydb.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.ControlPlane;
import io.keydb.e2e.controlplane.OperatorProcess;
import io.keydb.e2e.controlplane.ResourceFiles;
import io.keydb.e2e.controlplane.api.Api;
import io.keydb.e2e.controlplane.api.ResourceKind;
import io.keydb.e2e.controlplane.api.ResourceKinds;
import io.keydb.e2e.controlplane.api.WriteOptions;
import io.keydb.e2e.controlplane.json.Json;
import io.keydb.e2e.controlplane.kubelet.BackOff;
import io.keydb.e2e.controlplane.kubelet.BuiltServer;
import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.ServerBinaries;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assumptions;

/** A local cluster with the operator of this build, as the scenarios see it. */
final class Cluster implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int PORT = 6379;
    private static final Path HOME = ServerBinaries.projectHome();
    private static final WriteOptions WRITER = WriteOptions.by("scenario").forced();

    private final ControlPlane plane;
    private final OperatorProcess operator;

    private Cluster(ControlPlane plane, OperatorProcess operator) {
        this.plane = plane;
        this.operator = operator;
    }

    /** Starts a cluster; without packaged server and operator the scenario is skipped. */
    static Cluster start(Path directory) throws IOException {
        BuiltServer server = new BuiltServer(HOME);
        Assumptions.assumeTrue(
                server.isThere() && Files.isRegularFile(OperatorProcess.jar(HOME)),
                "server and operator are not packaged; run ./mvnw package");
        ControlPlane plane = ControlPlane.start(directory, server, BackOff.LOCAL);
        try {
            ResourceFiles files = new ResourceFiles(plane.api());
            try (var definitions = Files.list(HOME.resolve("crds/src/main/crd"))) {
                for (Path definition : definitions.sorted().toList()) {
                    assertThat(files.apply(definition).refusals()).isEmpty();
                }
            }
            return new Cluster(plane, OperatorProcess.start(plane, HOME, System.out::println));
        } catch (IOException | RuntimeException e) {
            plane.close();
            throw e;
        }
    }

    void apply(String yaml) {
        try {
            new ResourceFiles(plane.api()).apply(Json.parseYaml(yaml));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ResourceKind kind() {
        return plane.api().kinds().byPlural("keydb.io", "v1alpha1", "keydbs").orElseThrow();
    }

    JsonNode keydb(String name) {
        return plane.api().get(kind(), "default", name);
    }

    void scale(String name, int replicas) {
        ObjectNode patch = Json.object();
        patch.putObject("spec").put("replicas", replicas);
        plane.api().patch(kind(), "default", name, Api.PatchType.MERGE, patch, WRITER);
    }

    JsonNode pod(String name) {
        JsonNode pod = plane.api().find(ResourceKinds.POD, "default", name);
        return pod == null ? Json.object() : pod;
    }

    boolean exists(String pod) {
        return plane.api().find(ResourceKinds.POD, "default", pod) != null;
    }

    /** The identity and restarts of a pod: equal as long as nothing has restarted it. */
    String life(String pod) {
        JsonNode found = pod(pod);
        JsonNode container = Json.at(found, "status", "containerStatuses").path(0);
        return Json.text(found, "metadata", "uid")
                + " restarts "
                + Json.text(container, "restartCount");
    }

    int restarts(String pod) {
        return Json.at(pod(pod), "status", "containerStatuses")
                .path(0)
                .path("restartCount")
                .asInt();
    }

    void kill(String pod) {
        String container =
                Json.text(Json.at(pod(pod), "status", "containerStatuses").path(0), "containerID");
        long process = Long.parseLong(container.substring("process://".length()));
        ProcessHandle.of(process).orElseThrow().destroyForcibly();
    }

    /** Whether all members of the present specification serve. */
    boolean ready(String name, int members) {
        JsonNode resource = keydb(name);
        boolean current =
                Json.at(resource, "status", "observedGeneration").asLong()
                        == Json.at(resource, "metadata", "generation").asLong();
        if (!current || Json.at(resource, "status", "members").size() != members) {
            return false;
        }
        for (JsonNode condition : Json.at(resource, "status", "conditions")) {
            if (Json.text(condition, "type").equals("Ready")) {
                return Json.text(condition, "status").equals("True");
            }
        }
        return false;
    }

    void awaitReady(String name, int members) {
        await(
                () -> ready(name, members),
                () -> name + " with " + members + " members: " + keydb(name).path("status"));
    }

    /** The member whose pod takes the writes. */
    Optional<String> writePod(String name) {
        for (JsonNode member : Json.at(keydb(name), "status", "members")) {
            if (member.path("writes").asBoolean()) {
                return Optional.of(Json.text(member, "podName"));
            }
        }
        return Optional.empty();
    }

    InetSocketAddress service(String name) {
        JsonNode service = plane.api().get(ResourceKinds.SERVICE, "default", name);
        return new InetSocketAddress(Json.text(service, "spec", "clusterIP"), PORT);
    }

    InetSocketAddress address(String pod) {
        return new InetSocketAddress(Json.text(pod(pod), "status", "podIP"), PORT);
    }

    String password(String name) {
        JsonNode secret = plane.api().get(ResourceKinds.SECRET, "default", name + "-auth");
        return new String(
                Base64.getDecoder().decode(Json.text(secret, "data", "password")),
                StandardCharsets.UTF_8);
    }

    /** An authenticated connection. */
    static RespClient connect(InetSocketAddress address, String password) throws IOException {
        RespClient client = RespClient.connect(address, Duration.ofSeconds(2));
        String answer = client.call("AUTH", password).text();
        if (!answer.equals("OK")) {
            client.close();
            throw new IOException(answer);
        }
        return client;
    }

    /** The digest of a member's data. */
    String digest(String pod, String password) {
        try (RespClient client = connect(address(pod), password)) {
            return client.call("DEBUG", "DIGEST").text();
        } catch (IOException e) {
            return "no digest: " + e.getMessage();
        }
    }

    static void await(BooleanSupplier condition, java.util.function.Supplier<Object> state) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + PATIENCE + ": " + state.get());
            }
            pause(20);
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        operator.close();
        plane.close();
    }
}
