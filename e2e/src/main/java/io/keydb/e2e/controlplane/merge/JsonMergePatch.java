package io.keydb.e2e.controlplane.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;

/**
 * JSON merge patch (RFC 7396): null removes, objects merge, all else replaces.
 *
 * <p>Threads: stateless.
 */
public final class JsonMergePatch {

    private JsonMergePatch() {}

    /** The target with the patch merged in; neither is changed. */
    public static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        ObjectNode result = target instanceof ObjectNode object ? object.deepCopy() : Json.object();
        patch.properties()
                .forEach(
                        field -> {
                            if (field.getValue().isNull()) {
                                result.remove(field.getKey());
                            } else {
                                result.set(
                                        field.getKey(),
                                        apply(result.path(field.getKey()), field.getValue()));
                            }
                        });
        return result;
    }
}
