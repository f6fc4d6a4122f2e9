package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import io.keydb.e2e.controlplane.schema.CustomSchema;
import io.keydb.e2e.controlplane.schema.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Custom resource definitions: checked when written, then served as kinds.
 *
 * <p>Threads: called under the store's lock.
 */
final class CustomKinds {

    private CustomKinds() {}

    /** Completes and checks a definition. */
    static List<Violation> admit(ObjectNode definition) {
        List<Violation> violations = new ArrayList<>();
        ObjectNode spec = Json.ensure(definition, "spec");
        String group = Json.text(spec, "group");
        ObjectNode names = Json.ensure(spec, "names");
        String plural = Json.text(names, "plural");
        if (Json.text(names, "singular").isEmpty()) {
            names.put("singular", Json.text(names, "kind").toLowerCase(Locale.ROOT));
        }
        if (Json.text(names, "listKind").isEmpty()) {
            names.put("listKind", Json.text(names, "kind") + "List");
        }
        require(group, "spec.group", violations);
        require(plural, "spec.names.plural", violations);
        require(Json.text(names, "kind"), "spec.names.kind", violations);
        require(Json.text(spec, "scope"), "spec.scope", violations);
        String name = Json.text(definition, "metadata", "name");
        if (violations.isEmpty() && !name.equals(plural + "." + group)) {
            violations.add(
                    Violation.invalid(
                            "metadata.name",
                            '"' + name + '"',
                            "must be spec.names.plural+\".\"+spec.group"));
        }
        if (ResourceKinds.isBuiltIn(group, plural)) {
            violations.add(
                    Violation.forbidden(
                            "spec.group", "the API server's own resources cannot be redefined"));
        }
        checkVersions(spec.path("versions"), violations);
        if (violations.isEmpty()) {
            writeStatus(definition, names);
        }
        return violations;
    }

    private static void require(String value, String path, List<Violation> violations) {
        if (value.isEmpty()) {
            violations.add(Violation.required(path));
        }
    }

    private static void checkVersions(JsonNode versions, List<Violation> violations) {
        int stored = 0;
        for (int i = 0; i < versions.size(); i++) {
            JsonNode version = versions.get(i);
            stored += version.path("storage").asBoolean() ? 1 : 0;
            JsonNode schema = Json.at(version, "schema", "openAPIV3Schema");
            String path = "spec.versions[" + i + "].schema.openAPIV3Schema";
            if (!schema.isObject()) {
                violations.add(
                        new Violation(
                                "FieldValueRequired",
                                path,
                                "Required value: schemas are required"));
            } else {
                CustomSchema.compile(schema, path, violations);
            }
        }
        if (stored != 1) {
            violations.add(
                    Violation.invalid(
                            "spec.versions",
                            Json.write(versions),
                            "must have exactly one version marked as storage version"));
        }
    }

    private static void writeStatus(ObjectNode definition, ObjectNode names) {
        ObjectNode status = Json.ensure(definition, "status");
        status.set("acceptedNames", names.deepCopy());
        ArrayNode stored = status.putArray("storedVersions");
        Json.at(definition, "spec", "versions")
                .forEach(
                        version -> {
                            if (version.path("storage").asBoolean()) {
                                stored.add(Json.text(version, "name"));
                            }
                        });
        if (!status.has("conditions")) {
            ArrayNode conditions = status.putArray("conditions");
            condition(conditions, "NamesAccepted", "NoConflicts", "no conflicts found");
            condition(
                    conditions,
                    "Established",
                    "InitialNamesAccepted",
                    "the initial names have been accepted");
        }
    }

    private static void condition(
            ArrayNode conditions, String type, String reason, String message) {
        conditions
                .addObject()
                .put("type", type)
                .put("status", "True")
                .put("lastTransitionTime", Api.now())
                .put("reason", reason)
                .put("message", message);
    }

    /** Serves the kinds of a stored definition, in place of those it declared before. */
    static void register(ResourceKinds kinds, JsonNode definition) {
        JsonNode spec = definition.path("spec");
        JsonNode names = spec.path("names");
        ResourceKind.Names called =
                new ResourceKind.Names(
                        Json.text(names, "kind"),
                        Json.text(names, "plural"),
                        Json.text(names, "singular"),
                        Json.texts(names.path("shortNames")));
        List<ResourceKind> served = new ArrayList<>();
        for (JsonNode version : spec.path("versions")) {
            if (version.path("served").asBoolean()) {
                JsonNode subresources = version.path("subresources");
                @Nullable JsonNode scale = subresources.get("scale");
                CustomSchema schema =
                        CustomSchema.compile(
                                Json.at(version, "schema", "openAPIV3Schema"),
                                "",
                                new ArrayList<>());
                served.add(
                        new ResourceKind(
                                Json.text(spec, "group"),
                                Json.text(version, "name"),
                                called,
                                Json.text(spec, "scope").equals("Namespaced"),
                                subresources.has("status"),
                                scale,
                                schema));
            }
        }
        kinds.replaceCustom(Json.text(spec, "group"), called.plural(), served);
    }
}
