package io.keydb.e2e.controlplane.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.api.Api;
import io.keydb.e2e.controlplane.api.DeleteOptions;
import io.keydb.e2e.controlplane.api.ObjectStore;
import io.keydb.e2e.controlplane.api.ResourceKinds;
import io.keydb.e2e.controlplane.api.Selector;
import io.keydb.e2e.controlplane.api.WorkQueue;
import io.keydb.e2e.controlplane.api.WriteOptions;
import io.keydb.e2e.controlplane.json.Json;
import io.keydb.e2e.controlplane.network.Pods;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Turns StatefulSets into pods: one for each ordinal, made anew when it goes, replaced when the
 * template changes.
 *
 * <p>{@code OrderedReady} makes and removes them one at a time, {@code Parallel} all at once;
 * {@code RollingUpdate} replaces pods of an old template from the highest ordinal down, each after
 * the one before is ready, and {@code OnDelete} leaves that to others.
 *
 * <p>Threads: one of its own.
 */
public final class StatefulSetController implements AutoCloseable {

    private static final WriteOptions WRITER = WriteOptions.by("statefulset-controller");

    private final Api api;
    private final WorkQueue queue;

    public StatefulSetController(Api api) {
        this.api = api;
        this.queue = new WorkQueue("stateful-sets", api.store(), this::reconcile);
        queue.follow(ResourceKinds.STATEFUL_SET, (key, _) -> List.of(key));
        queue.follow(ResourceKinds.POD, StatefulSetController::owner);
    }

    private static List<ObjectStore.Key> owner(ObjectStore.Key pod, JsonNode document) {
        List<ObjectStore.Key> owners = new ArrayList<>();
        for (JsonNode reference : Json.at(document, "metadata", "ownerReferences")) {
            if (Json.text(reference, "kind").equals("StatefulSet")) {
                owners.add(
                        ResourceKinds.STATEFUL_SET.key(
                                pod.namespace(), Json.text(reference, "name")));
            }
        }
        return owners;
    }

    private void reconcile(ObjectStore.Key key) {
        ObjectNode set = api.store().get(key);
        if (set == null) {
            return;
        }
        StatefulPods template = new StatefulPods(set);
        if (!Pods.isTerminating(set)) {
            step(template, pods(set, key.namespace()));
        }
        writeStatus(key, template, pods(set, key.namespace()));
    }

    private SortedMap<Integer, ObjectNode> pods(ObjectNode set, String namespace) {
        String uid = Json.text(set, "metadata", "uid");
        String prefix = Json.text(set, "metadata", "name") + "-";
        SortedMap<Integer, ObjectNode> pods = new TreeMap<>();
        for (ObjectNode pod : api.list(ResourceKinds.POD, namespace, Selector.ALL)) {
            if (Pods.isControlledBy(pod, uid)) {
                pods.put(
                        Integer.parseInt(
                                Json.text(pod, "metadata", "name").substring(prefix.length())),
                        pod);
            }
        }
        return pods;
    }

    /**
     * Makes what is missing, removes what is too much, then replaces what is old; one step where
     * order matters.
     */
    private void step(StatefulPods template, SortedMap<Integer, ObjectNode> pods) {
        boolean ordered = template.ordered();
        for (int ordinal = 0; ordinal < template.replicas(); ordinal++) {
            ObjectNode pod = pods.get(ordinal);
            if (pod == null) {
                create(template, ordinal);
                if (ordered) {
                    return;
                }
            } else if (ordered
                    && !healthy(pod)
                    && (Pods.isTerminating(pod) || !isOld(template, pod))) {
                return;
            }
        }
        for (ObjectNode pod : List.copyOf(pods.tailMap(template.replicas()).values()).reversed()) {
            if (!Pods.isTerminating(pod) || ordered) {
                delete(pod);
                if (ordered) {
                    return;
                }
            }
        }
        if (template.rolling()) {
            roll(template, pods);
        }
    }

    private void roll(StatefulPods template, SortedMap<Integer, ObjectNode> pods) {
        for (int ordinal = template.replicas() - 1; ordinal >= template.partition(); ordinal--) {
            ObjectNode pod = pods.get(ordinal);
            if (pod == null) {
                return;
            }
            if (isOld(template, pod) && !Pods.isTerminating(pod)) {
                delete(pod);
                return;
            }
            if (!healthy(pod)) {
                return;
            }
        }
    }

    private static boolean healthy(JsonNode pod) {
        return Pods.isReady(pod) && !Pods.isTerminating(pod);
    }

    private static boolean isOld(StatefulPods template, JsonNode pod) {
        return !Json.text(pod, "metadata", "labels", StatefulPods.REVISION_LABEL)
                .equals(template.revision());
    }

    private void create(StatefulPods template, int ordinal) {
        for (ObjectNode claim : template.claims(ordinal)) {
            String name = Json.text(claim, "metadata", "name");
            if (api.find(ResourceKinds.CLAIM, template.namespace(), name) == null) {
                api.create(ResourceKinds.CLAIM, template.namespace(), claim, WRITER);
            }
        }
        api.create(ResourceKinds.POD, template.namespace(), template.pod(ordinal), WRITER);
    }

    private void delete(JsonNode pod) {
        if (!Pods.isTerminating(pod)) {
            JsonNode metadata = pod.path("metadata");
            DeleteOptions options =
                    new DeleteOptions(
                            DeleteOptions.Propagation.BACKGROUND,
                            -1,
                            Json.text(metadata, "uid"),
                            "");
            api.delete(
                    ResourceKinds.POD,
                    Json.text(metadata, "namespace"),
                    Json.text(metadata, "name"),
                    options);
        }
    }

    private void writeStatus(
            ObjectStore.Key key, StatefulPods template, SortedMap<Integer, ObjectNode> pods) {
        long ready = pods.values().stream().filter(Pods::isReady).count();
        long updated =
                pods.values().stream()
                        .filter(pod -> !isOld(template, pod) && !Pods.isTerminating(pod))
                        .count();
        boolean settled = updated == template.replicas() && ready == template.replicas();
        String before = Json.text(template.set(), "status", "currentRevision");
        String current = settled || before.isEmpty() ? template.revision() : before;
        long ofCurrent = current.equals(template.revision()) ? updated : pods.size() - updated;
        api.update(
                ResourceKinds.STATEFUL_SET,
                key.namespace(),
                key.name(),
                WRITER.onStatus(),
                object -> {
                    Json.ensure(object, "status")
                            .put(
                                    "observedGeneration",
                                    Json.at(template.set(), "metadata", "generation").asLong())
                            .put("replicas", (long) pods.size())
                            .put("readyReplicas", ready)
                            .put("availableReplicas", ready)
                            .put("currentReplicas", ofCurrent)
                            .put("updatedReplicas", updated)
                            .put("currentRevision", current)
                            .put("updateRevision", template.revision())
                            .put("collisionCount", 0L);
                    return object;
                });
    }

    @Override
    public void close() {
        queue.close();
    }
}
