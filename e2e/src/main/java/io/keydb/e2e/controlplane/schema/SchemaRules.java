package io.keydb.e2e.controlplane.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.types.CelType;
import io.keydb.e2e.controlplane.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The CEL rules of a schema, as a tree with the branches of the schema that carry any.
 *
 * <p>Threads: immutable.
 */
final class SchemaRules {

    private final JsonNode schema;
    private final List<CelRule> rules = new ArrayList<>();
    private final Map<String, SchemaRules> properties = new LinkedHashMap<>();
    private @Nullable SchemaRules items;
    private @Nullable SchemaRules values;

    private SchemaRules(JsonNode schema) {
        this.schema = schema;
    }

    static SchemaRules compile(JsonNode schema, String path, List<Violation> violations) {
        SchemaRules compiled = branch(schema, path, violations, true);
        return compiled == null ? new SchemaRules(schema) : compiled;
    }

    private static @Nullable SchemaRules branch(
            JsonNode schema, String path, List<Violation> violations, boolean root) {
        if (!schema.isObject()) {
            return null;
        }
        SchemaRules branch = new SchemaRules(schema);
        JsonNode declarations = schema.path("x-kubernetes-validations");
        if (!declarations.isEmpty()) {
            SchemaTypes types = new SchemaTypes();
            CelType self = types.typeOf(schema, root);
            for (int i = 0; i < declarations.size(); i++) {
                String at = path + ".x-kubernetes-validations[" + i + "]";
                CelRule rule =
                        CelRule.compile(
                                declarations.get(i), self, types.provider(), at, violations);
                if (rule != null) {
                    branch.rules.add(rule);
                }
            }
        }
        schema.path("properties")
                .properties()
                .forEach(
                        property -> {
                            String at = path + ".properties[" + property.getKey() + "]";
                            SchemaRules child = branch(property.getValue(), at, violations, false);
                            if (child != null) {
                                branch.properties.put(property.getKey(), child);
                            }
                        });
        branch.items = branch(schema.path("items"), path + ".items", violations, false);
        branch.values =
                branch(
                        schema.path("additionalProperties"),
                        path + ".additionalProperties",
                        violations,
                        false);
        boolean bare = branch.rules.isEmpty() && branch.properties.isEmpty();
        return bare && branch.items == null && branch.values == null ? null : branch;
    }

    /** Judges a value; an old value that cannot be matched to it counts as none. */
    void check(JsonNode value, @Nullable JsonNode old, String path, List<Violation> violations) {
        rules.forEach(rule -> rule.check(value, old, schema, path, violations));
        properties.forEach(
                (name, branch) -> {
                    if (!Json.absent(value.get(name))) {
                        branch.check(
                                value.get(name), field(old, name), path + "." + name, violations);
                    }
                });
        if (values != null && value.isObject()) {
            value.properties().stream()
                    .filter(
                            field ->
                                    !properties.containsKey(field.getKey())
                                            && !field.getValue().isNull())
                    .forEach(
                            field ->
                                    values.check(
                                            field.getValue(),
                                            field(old, field.getKey()),
                                            path + "[" + field.getKey() + "]",
                                            violations));
        }
        if (items != null && value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                items.check(
                        value.get(i),
                        correlated(value.get(i), old),
                        path + "[" + i + "]",
                        violations);
            }
        }
    }

    private static @Nullable JsonNode field(@Nullable JsonNode object, String name) {
        JsonNode field = object == null ? null : object.get(name);
        return Json.absent(field) ? null : field;
    }

    /** The old item with the same keys; lists without keys have no identity to follow. */
    private @Nullable JsonNode correlated(JsonNode item, @Nullable JsonNode old) {
        List<String> keys = Json.texts(schema.path("x-kubernetes-list-map-keys"));
        if (old == null || keys.isEmpty()) {
            return null;
        }
        for (JsonNode candidate : old) {
            if (keys.stream().allMatch(key -> candidate.path(key).equals(item.path(key)))) {
                return candidate;
            }
        }
        return null;
    }
}
