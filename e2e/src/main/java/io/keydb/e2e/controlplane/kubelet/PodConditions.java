package io.keydb.e2e.controlplane.kubelet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.keydb.e2e.controlplane.json.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The conditions of one pod, with the time of each one's last change.
 *
 * <p>Threads: confined to the pod's executor.
 */
final class PodConditions {

    private record Condition(boolean value, String since) {}

    private final Map<String, Condition> conditions = new LinkedHashMap<>();

    /** The conditions after an observation, as they stand in the status. */
    ArrayNode update(boolean ready, boolean running) {
        set("PodReadyToStartContainers", running);
        set("Initialized", true);
        set("Ready", ready);
        set("ContainersReady", ready);
        set("PodScheduled", true);
        ArrayNode list = Json.array();
        conditions.forEach(
                (type, condition) -> {
                    var item =
                            list.addObject()
                                    .put("type", type)
                                    .put("status", condition.value ? "True" : "False");
                    item.put("lastTransitionTime", condition.since);
                    if (!condition.value && type.endsWith("Ready")) {
                        item.put("reason", "ContainersNotReady")
                                .put("message", "containers with unready status");
                    }
                });
        return list;
    }

    private void set(String type, boolean value) {
        Condition before = conditions.get(type);
        if (before == null || before.value != value) {
            conditions.put(type, new Condition(value, ContainerRun.stamp(Instant.now())));
        }
    }
}
