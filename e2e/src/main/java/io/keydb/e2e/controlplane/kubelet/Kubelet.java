package io.keydb.e2e.controlplane.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.api.ObjectStore;
import io.keydb.e2e.controlplane.api.PodLogs;
import io.keydb.e2e.controlplane.api.ResourceKinds;
import io.keydb.e2e.controlplane.api.WorkQueue;
import io.keydb.e2e.controlplane.api.WriteOptions;
import io.keydb.e2e.controlplane.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The one node of the local cluster: takes up every pod, and lets go of those that are deleted.
 *
 * <p>Threads: one of its own follows the pods; each pod then has its own.
 */
public final class Kubelet implements PodLogs, AutoCloseable {

    private static final WriteOptions WRITER = WriteOptions.by("kubelet");

    private final NodeContext node;
    private final Map<ObjectStore.Key, PodWorker> workers = new ConcurrentHashMap<>();
    private final WorkQueue pods;
    private final WorkQueue files;

    public Kubelet(NodeContext node) throws IOException {
        this.node = node;
        Files.createDirectories(node.pods());
        Files.createDirectories(node.claims());
        Files.createDirectories(node.log("", "").getParent());
        register();
        this.pods = new WorkQueue("kubelet", node.api().store(), this::look);
        pods.follow(ResourceKinds.POD, (key, _) -> List.of(key));
        this.files = new WorkQueue("kubelet-volumes", node.api().store(), this::refresh);
        files.follow(ResourceKinds.CONFIG_MAP, (key, _) -> List.of(key));
        files.follow(ResourceKinds.SECRET, (key, _) -> List.of(key));
    }

    private void register() {
        ObjectNode document = Json.object();
        ObjectNode metadata = document.putObject("metadata").put("name", NodeContext.NAME);
        metadata.putObject("labels").put("kubernetes.io/hostname", NodeContext.NAME);
        node.api().create(ResourceKinds.NODE, "", document, WRITER);
        node.api()
                .update(
                        ResourceKinds.NODE,
                        "",
                        NodeContext.NAME,
                        WRITER.onStatus(),
                        object -> {
                            Json.ensure(object, "status")
                                    .putArray("conditions")
                                    .addObject()
                                    .put("type", "Ready")
                                    .put("status", "True")
                                    .put("reason", "KubeletReady");
                            return object;
                        });
    }

    private void look(ObjectStore.Key key) {
        JsonNode pod = node.api().store().get(key);
        String uid = pod == null ? "" : Json.text(pod, "metadata", "uid");
        PodWorker worker = workers.get(key);
        if (worker != null && !worker.uid().equals(uid)) {
            worker.abandon();
            workers.remove(key);
            worker = null;
        }
        if (pod == null) {
            return;
        }
        if (worker == null) {
            worker = takeUp(key, uid);
        }
        JsonNode metadata = pod.path("metadata");
        if (metadata.has("deletionTimestamp")) {
            worker.terminate(
                    Duration.ofSeconds(metadata.path("deletionGracePeriodSeconds").asLong(30)));
        }
    }

    private PodWorker takeUp(ObjectStore.Key key, String uid) {
        ObjectNode bound =
                node.api()
                        .update(
                                ResourceKinds.POD,
                                key.namespace(),
                                key.name(),
                                WRITER,
                                object -> {
                                    if (Json.text(object, "metadata", "uid").equals(uid)) {
                                        Json.ensure(object, "spec")
                                                .put("nodeName", NodeContext.NAME);
                                    }
                                    return object;
                                });
        PodWorker worker = new PodWorker(node, bound);
        workers.put(key, worker);
        worker.start();
        return worker;
    }

    private void refresh(ObjectStore.Key changed) {
        workers.forEach(
                (pod, worker) -> {
                    if (pod.namespace().equals(changed.namespace())) {
                        worker.refreshVolumes();
                    }
                });
    }

    @Override
    public Optional<Path> file(String namespace, String pod) {
        Path log = node.log(namespace, pod);
        return Files.isRegularFile(log) ? Optional.of(log) : Optional.empty();
    }

    @Override
    public void close() {
        pods.close();
        files.close();
        workers.values().forEach(PodWorker::detach);
    }
}
