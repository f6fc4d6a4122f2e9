package io.keydb.e2e.controlplane.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.keydb.e2e.controlplane.json.Json;
import io.keydb.e2e.controlplane.merge.BuiltinShape;
import io.keydb.e2e.controlplane.merge.Shape;
import java.util.List;

/**
 * How a custom resource merges: by the list and map types of its schema; lists are atomic where it
 * says nothing.
 *
 * <p>Threads: immutable.
 *
 * @param schema the schema of this value; missing where the schema does not reach
 */
record SchemaShape(JsonNode schema) implements Shape {

    @Override
    public Kind kind(JsonNode value) {
        if (value.isObject()) {
            return Json.text(schema, "x-kubernetes-map-type").equals("atomic")
                    ? Kind.ATOMIC
                    : Kind.GRANULAR;
        }
        if (value.isArray()) {
            return switch (Json.text(schema, "x-kubernetes-list-type")) {
                case "map" -> Kind.KEYED_LIST;
                case "set" -> Kind.SET;
                default -> Kind.ATOMIC;
            };
        }
        return Kind.ATOMIC;
    }

    @Override
    public List<Key> keys() {
        return Json.texts(schema.path("x-kubernetes-list-map-keys")).stream()
                .map(
                        name ->
                                new Key(
                                        name,
                                        Json.at(schema, "items", "properties", name)
                                                .get("default")))
                .toList();
    }

    @Override
    public Shape field(String name) {
        JsonNode property = Json.at(schema, "properties", name);
        if (!property.isMissingNode()) {
            return new SchemaShape(property);
        }
        JsonNode values = schema.path("additionalProperties");
        return new SchemaShape(values.isObject() ? values : MissingNode.getInstance());
    }

    @Override
    public Shape item() {
        return new SchemaShape(schema.path("items"));
    }

    /** The shape of a whole custom resource: its metadata is Kubernetes' own. */
    static Shape root(JsonNode schema) {
        SchemaShape root = new SchemaShape(schema);
        return new Shape() {
            @Override
            public Kind kind(JsonNode value) {
                return root.kind(value);
            }

            @Override
            public List<Key> keys() {
                return List.of();
            }

            @Override
            public Shape field(String name) {
                return name.equals("metadata") ? BuiltinShape.of("").field(name) : root.field(name);
            }

            @Override
            public Shape item() {
                return root.item();
            }
        };
    }
}
