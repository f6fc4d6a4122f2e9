package io.keydb.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The values of the chart {@code keydb} are the fields of a KeyDB's spec, so their schema is
 * derived from the custom resource definition: Helm refuses a bad value before the API server sees
 * it. CEL rules stay with the API server.
 */
class ValuesSchemaTest {
    private static final Path DEFINITION =
            Chart.REPOSITORY.resolve("crds/src/main/crd/keydbs.keydb.io-v1.yml");
    private static final Path SCHEMA = Chart.KEYDB.folder().resolve("values.schema.json");

    /** What JSON Schema has in common with the schema of a custom resource. */
    private static final Set<String> COMMON =
            Set.of(
                    "type",
                    "description",
                    "enum",
                    "pattern",
                    "minimum",
                    "maximum",
                    "minLength",
                    "maxLength",
                    "minItems",
                    "maxItems",
                    "minProperties",
                    "maxProperties",
                    "required");

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void schemaOfTheValuesFollowsTheResourceDefinition() throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        DerivedFile.check(SCHEMA, JSON.writer(printer).writeValueAsString(expectedSchema()) + "\n");
    }

    @Test
    void schemaKnowsEveryFieldOfTheSpec() throws IOException {
        JsonNode spec = specSchema().path("properties");
        assertThat(spec.size()).isPositive();
        JsonNode values = JSON.readTree(SCHEMA.toFile()).path("properties");
        spec.fieldNames()
                .forEachRemaining(field -> assertThat(values.has(field)).as(field).isTrue());
    }

    private static JsonNode specSchema() throws IOException {
        return Manifests.YAML
                .readTree(DEFINITION.toFile())
                .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    }

    private static ObjectNode expectedSchema() throws IOException {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put(
                "title",
                "Values of the keydb chart: name, labels, annotations and the spec of a KeyDB");
        schema.setAll(converted(specSchema()));
        ObjectNode properties = (ObjectNode) schema.path("properties");
        properties
                .putObject("name")
                .put("type", "string")
                .put("description", "Name of the resource. Empty: the name of the release.")
                .put("pattern", "^$|^[a-z]([-a-z0-9]*[a-z0-9])?$");
        putStrings(properties, "labels", "Labels of the resource.");
        putStrings(properties, "annotations", "Annotations of the resource.");
        properties.putObject("global").put("type", "object");
        return schema;
    }

    private static void putStrings(ObjectNode properties, String name, String description) {
        ObjectNode strings = properties.putObject(name);
        strings.put("type", "object").put("description", description);
        strings.putObject("additionalProperties").put("type", "string");
    }

    private static ObjectNode converted(JsonNode source) {
        ObjectNode target = JsonNodeFactory.instance.objectNode();
        if (source.path("x-kubernetes-int-or-string").asBoolean()) {
            target.putArray("type").add("integer").add("string");
            return target;
        }
        source.properties().stream()
                .filter(property -> COMMON.contains(property.getKey()))
                .forEach(property -> target.set(property.getKey(), property.getValue()));
        if (source.has("items")) {
            target.set("items", converted(source.path("items")));
        }
        if (source.has("additionalProperties")) {
            target.set("additionalProperties", converted(source.path("additionalProperties")));
        } else if (source.has("properties")) {
            target.put("additionalProperties", false);
        }
        if (source.has("properties")) {
            ObjectNode properties = target.putObject("properties");
            source.path("properties")
                    .properties()
                    .forEach(
                            property ->
                                    properties.set(
                                            property.getKey(), converted(property.getValue())));
        }
        return target;
    }
}
