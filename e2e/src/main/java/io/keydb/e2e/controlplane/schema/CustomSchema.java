package io.keydb.e2e.controlplane.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import io.keydb.e2e.controlplane.merge.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The schema of one version of a custom resource: {@code openAPIV3Schema} with its CEL rules
 * compiled.
 *
 * <p>Threads: immutable.
 */
public final class CustomSchema {

    private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
    private static final Set<String> ROOT_FIELDS = Set.of("apiVersion", "kind", "metadata");

    private final JsonNode schema;
    private final SchemaRules rules;

    private CustomSchema(JsonNode schema, SchemaRules rules) {
        this.schema = schema;
        this.rules = rules;
    }

    /**
     * Compiles a schema.
     *
     * @param schema the {@code openAPIV3Schema}
     * @param path where it stands in the definition, for messages
     * @param violations receives what is wrong with its rules
     */
    public static CustomSchema compile(JsonNode schema, String path, List<Violation> violations) {
        return new CustomSchema(schema, SchemaRules.compile(schema, path, violations));
    }

    /** How documents of this schema merge. */
    public Shape shape() {
        return SchemaShape.root(schema);
    }

    /** Removes the fields the schema does not know; returns their paths. */
    public List<String> prune(ObjectNode document) {
        List<String> removed = new ArrayList<>();
        prune(document, schema, "", removed);
        return removed;
    }

    private static void prune(JsonNode value, JsonNode schema, String path, List<String> removed) {
        if (value instanceof ObjectNode object) {
            boolean open =
                    schema.path(PRESERVE).asBoolean()
                            || schema.path("additionalProperties").isBoolean();
            JsonNode values = schema.path("additionalProperties");
            boolean root =
                    path.isEmpty() || schema.path("x-kubernetes-embedded-resource").asBoolean();
            for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
                String name = field.getKey();
                String fieldPath = path.isEmpty() ? name : path + "." + name;
                JsonNode property = Json.at(schema, "properties", name);
                if (root && ROOT_FIELDS.contains(name)) {
                    continue;
                }
                if (!property.isMissingNode()) {
                    prune(field.getValue(), property, fieldPath, removed);
                } else if (values.isObject()) {
                    prune(field.getValue(), values, fieldPath, removed);
                } else if (!open) {
                    object.remove(name);
                    removed.add(fieldPath);
                }
            }
        } else if (value.isArray() && schema.path("items").isObject()) {
            for (int i = 0; i < value.size(); i++) {
                prune(value.get(i), schema.path("items"), path + "[" + i + "]", removed);
            }
        }
    }

    /** Fills in the defaults of the schema. */
    public void applyDefaults(ObjectNode document) {
        applyDefaults(document, schema);
    }

    private static void applyDefaults(JsonNode value, JsonNode schema) {
        if (value instanceof ObjectNode object) {
            schema.path("properties")
                    .properties()
                    .forEach(
                            property -> {
                                JsonNode fallback = property.getValue().get("default");
                                JsonNode present = object.get(property.getKey());
                                boolean unwantedNull =
                                        present != null
                                                && present.isNull()
                                                && !property.getValue()
                                                        .path("nullable")
                                                        .asBoolean();
                                if (fallback != null && (present == null || unwantedNull)) {
                                    object.set(property.getKey(), Json.copy(fallback));
                                } else if (unwantedNull) {
                                    object.remove(property.getKey());
                                }
                                applyDefaults(object.path(property.getKey()), property.getValue());
                            });
            JsonNode values = schema.path("additionalProperties");
            if (values.isObject()) {
                object.forEach(item -> applyDefaults(item, values));
            }
        } else if (value.isArray()) {
            value.forEach(item -> applyDefaults(item, schema.path("items")));
        }
    }

    /** What is wrong with a document; rules are judged only when its types are right. */
    public List<Violation> validate(ObjectNode document, @Nullable ObjectNode old) {
        List<Violation> violations = new ArrayList<>();
        SchemaValidation validation = new SchemaValidation(violations);
        schema.path("properties")
                .properties()
                .forEach(
                        property -> {
                            JsonNode value = document.get(property.getKey());
                            if (!ROOT_FIELDS.contains(property.getKey()) && value != null) {
                                validation.check(value, property.getValue(), property.getKey());
                            }
                        });
        validation.checkRequired(document, schema, "");
        if (violations.isEmpty()) {
            rules.check(document, old, "", violations);
        }
        return violations;
    }
}
