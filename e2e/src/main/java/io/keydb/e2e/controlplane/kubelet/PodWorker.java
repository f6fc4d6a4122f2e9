package io.keydb.e2e.controlplane.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.api.ApiException;
import io.keydb.e2e.controlplane.api.DeleteOptions;
import io.keydb.e2e.controlplane.api.ResourceKinds;
import io.keydb.e2e.controlplane.api.WriteOptions;
import io.keydb.e2e.controlplane.json.Json;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The life of one pod: an address, volumes, containers, a status that follows them, and the end.
 *
 * <p>Threads: everything happens on this pod's executor of one virtual thread; the kubelet's calls
 * only hand over to it.
 */
final class PodWorker implements ContainerRun.Host {

    private static final WriteOptions WRITER = WriteOptions.by("kubelet");
    private static final int LAST_WORDS_BYTES = 2048;
    private static final int LAST_WORDS_LINES = 4;
    private static final Duration MOUNT_RETRY = Duration.ofMillis(250);

    private final NodeContext node;
    private final JsonNode pod;
    private final String address;
    private final Path root;
    private final PodVolumes volumes;
    private final PodExecutor executor;
    private final List<ContainerRun> containers = new ArrayList<>();
    private final PodConditions conditions = new PodConditions();
    private final Instant startTime = Instant.now();
    private boolean mountFailureTold;
    private boolean stopping;
    private Duration patience = Duration.ofDays(1);
    private boolean ended;

    PodWorker(NodeContext node, JsonNode pod) {
        this.node = node;
        this.pod = pod;
        this.address = node.addresses().nextPod();
        this.root = node.pods().resolve(namespace() + "_" + name() + "_" + uid());
        this.volumes = new PodVolumes(node.api(), pod, root, node.claims());
        this.executor = new PodExecutor(name());
        for (JsonNode container : Json.at(pod, "spec", "containers")) {
            containers.add(
                    new ContainerRun(container, this, executor, node.backOff(), gracePeriod()));
        }
    }

    private String namespace() {
        return Json.text(pod, "metadata", "namespace");
    }

    private String name() {
        return Json.text(pod, "metadata", "name");
    }

    String uid() {
        return Json.text(pod, "metadata", "uid");
    }

    private Duration gracePeriod() {
        return Duration.ofSeconds(Json.at(pod, "spec", "terminationGracePeriodSeconds").asLong(30));
    }

    @Override
    public String address() {
        return address;
    }

    /** Takes the pod up. */
    void start() {
        executor.execute(this::setUp);
    }

    /** Stops the containers within a time, then lets the API forget the pod. */
    void terminate(Duration grace) {
        executor.execute(() -> stop(grace));
    }

    /** The API has forgotten the pod: whatever still runs goes at once. */
    void abandon() {
        executor.execute(
                () -> {
                    stop(Duration.ZERO);
                    end();
                });
    }

    /** The node goes: nothing more happens to the pod; its processes are the ledger's to stop. */
    void detach() {
        executor.stop();
    }

    /** A ConfigMap or Secret has changed: files in volumes follow. */
    void refreshVolumes() {
        executor.execute(
                () -> {
                    if (!containers.isEmpty() && !stopping) {
                        try {
                            volumes.mount();
                        } catch (PodVolumes.NotMounted | IOException _) {
                            // As in a real kubelet the last good content stays; a restart reports
                            // what is missing.
                        }
                    }
                });
    }

    private void setUp() {
        if (stopping) {
            return;
        }
        try {
            Files.createDirectories(root);
            volumes.mount();
        } catch (PodVolumes.NotMounted | IOException e) {
            if (!mountFailureTold) {
                mountFailureTold = true;
                event("Warning", "FailedMount", String.valueOf(e.getMessage()));
                changed();
            }
            executor.schedule(this::setUp, MOUNT_RETRY);
            return;
        }
        containers.forEach(ContainerRun::start);
    }

    @Override
    public Process launch(JsonNode container) throws IOException, PodVolumes.NotMounted {
        volumes.mount();
        ContainerEnvironment environment =
                new ContainerEnvironment(node.api(), pod, container, address);
        PathMapping mapping = volumes.mapping(container);
        List<String> words = new ArrayList<>(Json.texts(container.path("command")));
        if (!words.isEmpty()) {
            String program = words.removeFirst();
            if (!Path.of(program).endsWith("keydb-server")) {
                throw new IOException(
                        "exec: \""
                                + program
                                + "\": this kubelet runs the server's image alone, with the entry point"
                                + " keydb-server");
            }
        }
        words.addAll(Json.texts(container.path("args")));
        List<String> arguments =
                words.stream().map(environment::expand).map(mapping::rewrite).toList();
        ProcessBuilder builder =
                new ProcessBuilder(node.runtime().command(arguments, address, node.hostsFile()));
        environment
                .values()
                .forEach((key, value) -> builder.environment().put(key, mapping.rewrite(value)));
        builder.directory(root.toFile());
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        return node.ledger().start(builder);
    }

    private Path log() {
        return node.log(namespace(), name());
    }

    @Override
    public String lastWords() {
        try (SeekableByteChannel channel = Files.newByteChannel(log())) {
            channel.position(Math.max(0, channel.size() - LAST_WORDS_BYTES));
            ByteBuffer end = ByteBuffer.allocate(LAST_WORDS_BYTES);
            channel.read(end);
            List<String> lines =
                    new String(end.array(), 0, end.position(), StandardCharsets.UTF_8)
                            .strip()
                            .lines()
                            .toList();
            return String.join(
                    "\n",
                    lines.subList(Math.max(0, lines.size() - LAST_WORDS_LINES), lines.size()));
        } catch (IOException _) {
            return "";
        }
    }

    @Override
    public void event(String type, String reason, String message) {
        node.event(pod, type, reason, message);
    }

    private void stop(Duration grace) {
        if (stopping && grace.compareTo(patience) >= 0) {
            return;
        }
        patience = grace;
        if (!stopping && containers.stream().anyMatch(ContainerRun::isRunning)) {
            event("Normal", "Killing", "Stopping containers");
        }
        stopping = true;
        containers.forEach(container -> container.stop(grace));
        changed();
    }

    @Override
    public void changed() {
        if (ended) {
            return;
        }
        if (stopping && containers.stream().noneMatch(ContainerRun::isRunning)) {
            end();
            return;
        }
        ObjectNode status = status();
        try {
            node.api()
                    .update(
                            ResourceKinds.POD,
                            namespace(),
                            name(),
                            WRITER.onStatus(),
                            current -> withStatus(current, status));
        } catch (ApiException e) {
            if (e.code() != 404) {
                throw e;
            }
        }
    }

    private ObjectNode withStatus(ObjectNode current, ObjectNode status) {
        if (Json.text(current, "metadata", "uid").equals(uid())) {
            current.set("status", status);
        }
        return current;
    }

    private ObjectNode status() {
        boolean running =
                containers.stream()
                        .anyMatch(container -> !container.status().path("state").has("waiting"));
        boolean ready = containers.stream().allMatch(ContainerRun::isReady);
        ObjectNode status = Json.object().put("phase", running ? "Running" : "Pending");
        status.set("conditions", conditions.update(ready, running));
        status.put("hostIP", node.addresses().controlPlane()).put("podIP", address);
        status.putArray("hostIPs").addObject().put("ip", node.addresses().controlPlane());
        status.putArray("podIPs").addObject().put("ip", address);
        status.put("startTime", ContainerRun.stamp(startTime)).put("qosClass", "Burstable");
        ArrayNode list = status.putArray("containerStatuses");
        containers.forEach(container -> list.add(container.status()));
        return status;
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        try {
            node.api()
                    .delete(
                            ResourceKinds.POD,
                            namespace(),
                            name(),
                            new DeleteOptions(DeleteOptions.NOW.propagation(), 0, uid(), ""));
        } catch (ApiException e) {
            if (e.code() != 404 && e.code() != 409) {
                throw e;
            }
        } finally {
            Directories.delete(root);
            executor.shutdown();
        }
    }
}
