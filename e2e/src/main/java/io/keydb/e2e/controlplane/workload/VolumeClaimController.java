package io.keydb.e2e.controlplane.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.api.Api;
import io.keydb.e2e.controlplane.api.ClaimProtection;
import io.keydb.e2e.controlplane.api.DeleteOptions;
import io.keydb.e2e.controlplane.api.ObjectStore;
import io.keydb.e2e.controlplane.api.ResourceKinds;
import io.keydb.e2e.controlplane.api.Selector;
import io.keydb.e2e.controlplane.api.WorkQueue;
import io.keydb.e2e.controlplane.api.WriteOptions;
import io.keydb.e2e.controlplane.json.Json;
import io.keydb.e2e.controlplane.kubelet.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Binds volume claims to directories, and removes the directory when its claim goes.
 *
 * <p>A deleted claim stays until no pod uses it, as its protection finalizer says.
 *
 * <p>Threads: one of its own.
 */
public final class VolumeClaimController implements AutoCloseable {

    private static final WriteOptions WRITER = WriteOptions.by("persistent-volume-controller");

    private final Api api;
    private final Path root;
    private final Map<ObjectStore.Key, String> volumes = new HashMap<>();
    private final WorkQueue queue;

    /**
     * Starts the controller.
     *
     * @param root where the directories of volumes are made
     */
    public VolumeClaimController(Api api, Path root) {
        this.api = api;
        this.root = root;
        this.queue = new WorkQueue("volume-claims", api.store(), this::reconcile);
        queue.follow(ResourceKinds.CLAIM, (key, _) -> List.of(key));
        queue.follow(ResourceKinds.POD, VolumeClaimController::claimsOf);
    }

    private static List<ObjectStore.Key> claimsOf(ObjectStore.Key pod, JsonNode document) {
        List<ObjectStore.Key> claims = new ArrayList<>();
        for (JsonNode volume : Json.at(document, "spec", "volumes")) {
            String claim = Json.text(volume, "persistentVolumeClaim", "claimName");
            if (!claim.isEmpty()) {
                claims.add(ResourceKinds.CLAIM.key(pod.namespace(), claim));
            }
        }
        return claims;
    }

    private void reconcile(ObjectStore.Key key) {
        ObjectNode claim = api.store().get(key);
        String volume = claim == null ? "" : "pvc-" + Json.text(claim, "metadata", "uid");
        String before = volumes.get(key);
        if (before != null && !before.equals(volume)) {
            discard(before);
            volumes.remove(key);
        }
        if (claim == null) {
            return;
        }
        if (claim.path("metadata").has("deletionTimestamp")) {
            releaseUnused(key);
            return;
        }
        JsonNode requested = Json.at(claim, "spec", "resources", "requests");
        boolean bound = Json.text(claim, "status", "phase").equals("Bound");
        if (!bound || !Json.at(claim, "status", "capacity").equals(requested)) {
            bind(key, claim, volume);
        }
    }

    private void bind(ObjectStore.Key key, ObjectNode claim, String volume) {
        try {
            Files.createDirectories(root.resolve(volume));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        volumes.put(key, volume);
        if (api.find(ResourceKinds.VOLUME, "", volume) == null) {
            api.create(ResourceKinds.VOLUME, "", volumeOf(claim, volume), WRITER);
        }
        api.update(
                ResourceKinds.CLAIM,
                key.namespace(),
                key.name(),
                WRITER,
                object -> {
                    Json.ensure(object, "spec").put("volumeName", volume);
                    return object;
                });
        api.update(
                ResourceKinds.CLAIM,
                key.namespace(),
                key.name(),
                WRITER.onStatus(),
                object -> {
                    ObjectNode status = Json.ensure(object, "status").put("phase", "Bound");
                    status.set("accessModes", Json.at(object, "spec", "accessModes"));
                    JsonNode requested = Json.at(object, "spec", "resources", "requests");
                    status.set("capacity", requested.isMissingNode() ? Json.object() : requested);
                    return object;
                });
    }

    private ObjectNode volumeOf(JsonNode claim, String name) {
        ObjectNode volume = Json.object();
        volume.putObject("metadata").put("name", name);
        ObjectNode spec = volume.putObject("spec");
        spec.set("accessModes", Json.at(claim, "spec", "accessModes"));
        JsonNode requested = Json.at(claim, "spec", "resources", "requests");
        spec.set("capacity", requested.isMissingNode() ? Json.object() : requested);
        spec.put("persistentVolumeReclaimPolicy", "Delete").put("storageClassName", "local");
        spec.putObject("local").put("path", root.resolve(name).toString());
        spec.putObject("claimRef")
                .put("kind", "PersistentVolumeClaim")
                .put("namespace", Json.text(claim, "metadata", "namespace"))
                .put("name", Json.text(claim, "metadata", "name"))
                .put("uid", Json.text(claim, "metadata", "uid"));
        return volume;
    }

    private void releaseUnused(ObjectStore.Key key) {
        for (ObjectNode pod : api.list(ResourceKinds.POD, key.namespace(), Selector.ALL)) {
            String name = Json.text(pod, "metadata", "name");
            if (claimsOf(ResourceKinds.POD.key(key.namespace(), name), pod).contains(key)) {
                return;
            }
        }
        api.update(
                ResourceKinds.CLAIM,
                key.namespace(),
                key.name(),
                WRITER,
                object -> {
                    Json.ensure(object, "metadata")
                            .withArray("finalizers")
                            .removeIf(item -> item.asText().equals(ClaimProtection.FINALIZER));
                    return object;
                });
    }

    private void discard(String volume) {
        if (api.find(ResourceKinds.VOLUME, "", volume) != null) {
            api.delete(ResourceKinds.VOLUME, "", volume, DeleteOptions.DEFAULT);
        }
        Directories.delete(root.resolve(volume));
    }

    @Override
    public void close() {
        queue.close();
    }
}
