package io.keydb.e2e.controlplane.merge;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;

/**
 * JSON patch (RFC 6902): a list of operations, carried out in order or not at all.
 *
 * <p>Threads: stateless.
 */
public final class JsonPatch {

    private JsonPatch() {}

    /**
     * The target after all operations; neither is changed. Throws {@link MergeRefusal} when one
     * cannot be done.
     */
    public static JsonNode apply(JsonNode target, JsonNode operations) {
        if (!operations.isArray()) {
            throw new MergeRefusal(
                    "json: cannot unmarshal object into Go value of type jsonpatch.Patch");
        }
        JsonNode result = target.deepCopy();
        for (JsonNode operation : operations) {
            result = step(result, operation);
        }
        return result;
    }

    private static JsonNode step(JsonNode document, JsonNode operation) {
        JsonPointer path = pointer(operation, "path");
        switch (Json.text(operation, "op")) {
            case "add" -> put(document, path, value(operation), true);
            case "replace" -> {
                existing(document, path, "replace");
                if (path.matches()) {
                    return value(operation);
                }
                put(document, path, value(operation), false);
            }
            case "remove" -> remove(document, path);
            case "copy" ->
                    put(
                            document,
                            path,
                            existing(document, pointer(operation, "from"), "copy").deepCopy(),
                            true);
            case "move" -> {
                JsonPointer from = pointer(operation, "from");
                JsonNode moved = existing(document, from, "move");
                remove(document, from);
                put(document, path, moved, true);
            }
            case "test" -> {
                JsonNode expected = operation.path("value");
                JsonNode found = document.at(path);
                if (!found.equals(Json.copy(expected))
                        && !(Json.absent(found) && Json.absent(expected))) {
                    throw new MergeRefusal("testing value " + path + " failed: test failed");
                }
            }
            default -> throw new MergeRefusal("Unexpected kind: " + Json.text(operation, "op"));
        }
        return document;
    }

    private static JsonPointer pointer(JsonNode operation, String field) {
        try {
            return JsonPointer.compile(Json.text(operation, field));
        } catch (IllegalArgumentException _) {
            throw new MergeRefusal("invalid path '" + Json.text(operation, field) + "'");
        }
    }

    private static JsonNode value(JsonNode operation) {
        if (!operation.has("value")) {
            throw new MergeRefusal(Json.text(operation, "op") + " operation: missing value");
        }
        return Json.copy(operation.get("value"));
    }

    private static JsonNode existing(JsonNode document, JsonPointer path, String operation) {
        JsonNode found = document.at(path);
        if (found.isMissingNode()) {
            throw new MergeRefusal(
                    operation
                            + " operation does not apply: doc is missing path: \""
                            + path
                            + "\": missing value");
        }
        return found;
    }

    private static void put(JsonNode document, JsonPointer path, JsonNode value, boolean insert) {
        JsonNode parent = document.at(path.head());
        String last = path.last().getMatchingProperty();
        switch (parent) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode list when last.equals("-") -> list.add(value);
            case ArrayNode list -> {
                int index = path.last().getMatchingIndex();
                if (index < 0 || index > list.size() || (!insert && index == list.size())) {
                    throw new MergeRefusal(
                            "add operation does not apply: doc is missing path: \"" + path + "\"");
                }
                if (insert) {
                    list.insert(index, value);
                } else {
                    list.set(index, value);
                }
            }
            default ->
                    throw new MergeRefusal(
                            "add operation does not apply: doc is missing path: \""
                                    + path
                                    + "\": missing value");
        }
    }

    private static void remove(JsonNode document, JsonPointer path) {
        existing(document, path, "remove");
        JsonNode parent = document.at(path.head());
        if (parent instanceof ObjectNode object) {
            object.remove(path.last().getMatchingProperty());
        } else {
            ((ArrayNode) parent).remove(path.last().getMatchingIndex());
        }
    }
}
