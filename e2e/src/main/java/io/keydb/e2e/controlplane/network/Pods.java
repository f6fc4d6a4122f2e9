package io.keydb.e2e.controlplane.network;

import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.e2e.controlplane.json.Json;

/**
 * What others ask of a pod's document.
 *
 * <p>Threads: stateless.
 */
public final class Pods {

    private Pods() {}

    /** Whether the pod's Ready condition holds. */
    public static boolean isReady(JsonNode pod) {
        for (JsonNode condition : Json.at(pod, "status", "conditions")) {
            if (Json.text(condition, "type").equals("Ready")) {
                return Json.text(condition, "status").equals("True");
            }
        }
        return false;
    }

    /** Whether the object is being deleted. */
    public static boolean isTerminating(JsonNode object) {
        return object.path("metadata").has("deletionTimestamp");
    }

    /** Whether an object's controller has a uid. */
    public static boolean isControlledBy(JsonNode object, String uid) {
        for (JsonNode owner : Json.at(object, "metadata", "ownerReferences")) {
            if (owner.path("controller").asBoolean() && Json.text(owner, "uid").equals(uid)) {
                return true;
            }
        }
        return false;
    }
}
