package io.keydb.e2e.controlplane.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Lays one document over another by its shape: objects field by field, keyed lists item by item,
 * sets as a union, all else as a whole.
 *
 * <p>Threads: stateless.
 */
final class Merging {

    private Merging() {}

    /** The document {@code applied} laid over {@code live}; neither is changed. */
    static JsonNode merge(@Nullable JsonNode live, JsonNode applied, Shape shape) {
        Shape.Kind kind = shape.kind(applied);
        if (live == null || kind == Shape.Kind.ATOMIC || shape.kind(live) != kind) {
            return applied.deepCopy();
        }
        return switch (kind) {
            case GRANULAR -> mergeObject((ObjectNode) live, applied, shape);
            case KEYED_LIST -> mergeKeyed((ArrayNode) live, applied, shape);
            case SET -> mergeSet((ArrayNode) live, applied);
            case ATOMIC -> throw new AssertionError();
        };
    }

    private static ObjectNode mergeObject(ObjectNode live, JsonNode applied, Shape shape) {
        ObjectNode merged = live.deepCopy();
        applied.properties()
                .forEach(
                        field ->
                                merged.set(
                                        field.getKey(),
                                        merge(
                                                live.get(field.getKey()),
                                                field.getValue(),
                                                shape.field(field.getKey()))));
        return merged;
    }

    private static ArrayNode mergeKeyed(ArrayNode live, JsonNode applied, Shape shape) {
        ArrayNode merged = live.deepCopy();
        for (JsonNode item : applied) {
            String element = FieldSet.keyElement(item, shape);
            int index = FieldSet.indexOf(merged, element, shape);
            if (index < 0) {
                merged.add(item.deepCopy());
            } else {
                merged.set(index, merge(merged.get(index), item, shape.item()));
            }
        }
        return merged;
    }

    private static ArrayNode mergeSet(ArrayNode live, JsonNode applied) {
        ArrayNode merged = live.deepCopy();
        for (JsonNode item : applied) {
            boolean known = false;
            for (JsonNode present : merged) {
                known |= present.equals(item);
            }
            if (!known) {
                merged.add(item);
            }
        }
        return merged;
    }

    /** Removes a path element's value from an object or list. */
    static void removeElement(JsonNode container, String element, Shape shape) {
        if (container instanceof ObjectNode object) {
            object.remove(element.substring(2));
            return;
        }
        int index = FieldSet.indexOf(container, element, shape);
        if (index >= 0) {
            ((ArrayNode) container).remove(index);
        }
    }

    /** A copy without null fields: in an applied document a null means "not mentioned". */
    static JsonNode withoutNulls(JsonNode node) {
        if (node.isObject()) {
            ObjectNode copy = Json.object();
            node.properties().stream()
                    .filter(field -> !field.getValue().isNull())
                    .forEach(field -> copy.set(field.getKey(), withoutNulls(field.getValue())));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = Json.array();
            node.forEach(item -> copy.add(withoutNulls(item)));
            return copy;
        }
        return node;
    }
}
