package io.keydb.e2e.controlplane.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import java.util.Map;

/**
 * Strategic merge patch: like a JSON merge patch, but keyed lists merge item by item, sets unite,
 * and {@code $patch: delete|replace}, {@code $retainKeys}, {@code $deleteFromPrimitiveList/x} and
 * {@code $setElementOrder/x} direct it.
 *
 * <p>Threads: stateless.
 */
public final class StrategicMergePatch {

    private static final String DIRECTIVE = "$patch";
    private static final String DELETE_FROM_LIST = "$deleteFromPrimitiveList/";

    private StrategicMergePatch() {}

    /** The target with the patch merged in; neither is changed. */
    public static JsonNode apply(JsonNode target, JsonNode patch, Shape shape) {
        if (patch.isArray()) {
            return applyList(target, (ArrayNode) patch, shape);
        }
        if (!patch.isObject()) {
            return patch;
        }
        boolean replace = Json.text(patch, DIRECTIVE).equals("replace");
        ObjectNode result =
                !replace && target instanceof ObjectNode object ? object.deepCopy() : Json.object();
        if (patch.get("$retainKeys") instanceof ArrayNode retained) {
            result.retain(Json.texts(retained));
        }
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            applyField(result, field.getKey(), field.getValue(), shape);
        }
        return result;
    }

    private static void applyField(ObjectNode result, String name, JsonNode value, Shape shape) {
        if (name.startsWith(DELETE_FROM_LIST)) {
            if (result.get(name.substring(DELETE_FROM_LIST.length())) instanceof ArrayNode list) {
                list.removeIf(item -> Json.texts(value).contains(item.asText()));
            }
        } else if (name.startsWith("$")) {
            return;
        } else if (value.isNull() || Json.text(value, DIRECTIVE).equals("delete")) {
            result.remove(name);
        } else {
            result.set(name, apply(result.path(name), value, shape.field(name)));
        }
    }

    private static ArrayNode applyList(JsonNode target, ArrayNode patch, Shape shape) {
        boolean replace = false;
        for (JsonNode item : patch) {
            replace |= Json.text(item, DIRECTIVE).equals("replace");
        }
        Shape.Kind kind = shape.kind(patch);
        if (!target.isArray() || replace || kind == Shape.Kind.ATOMIC) {
            ArrayNode plain = Json.array();
            patch.forEach(
                    item -> {
                        if (!item.has(DIRECTIVE)) {
                            plain.add(item.deepCopy());
                        }
                    });
            return plain;
        }
        if (kind == Shape.Kind.SET) {
            return (ArrayNode) Merging.merge(target, patch, shape);
        }
        return applyKeyed((ArrayNode) target, patch, shape);
    }

    private static ArrayNode applyKeyed(ArrayNode target, ArrayNode patch, Shape shape) {
        ArrayNode result = target.deepCopy();
        for (JsonNode item : patch) {
            String element = FieldSet.keyElement(item, shape);
            int index = FieldSet.indexOf(result, element, shape);
            if (Json.text(item, DIRECTIVE).equals("delete")) {
                if (index >= 0) {
                    result.remove(index);
                }
            } else if (index < 0) {
                result.add(apply(Json.object(), item, shape.item()));
            } else {
                result.set(index, apply(result.get(index), item, shape.item()));
            }
        }
        return result;
    }
}
