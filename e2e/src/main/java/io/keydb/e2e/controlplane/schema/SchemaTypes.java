package io.keydb.e2e.controlplane.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import io.keydb.e2e.controlplane.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The CEL types of a schema, so that a rule naming a field that does not exist is refused when it
 * is declared, and the CEL values of documents.
 *
 * <p>Threads: confined to the compilation of one schema.
 */
final class SchemaTypes {

    private static final java.util.Set<String> RESERVED =
            java.util.Set.of(
                    "true",
                    "false",
                    "null",
                    "in",
                    "as",
                    "break",
                    "const",
                    "continue",
                    "else",
                    "for",
                    "function",
                    "if",
                    "import",
                    "let",
                    "loop",
                    "package",
                    "namespace",
                    "return",
                    "var",
                    "void",
                    "while");

    private final Map<String, StructType> structs = new LinkedHashMap<>();

    /** The object types found so far, as the compiler asks for them. */
    CelTypeProvider provider() {
        return new Provider(ImmutableMap.copyOf(structs));
    }

    /** Object types by name; immutable, as compilers share it. */
    private record Provider(ImmutableMap<String, StructType> structs) implements CelTypeProvider {
        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.copyOf(structs.values());
        }

        @Override
        public Optional<CelType> findType(String name) {
            return Optional.ofNullable(structs.get(name));
        }
    }

    /** The type of values of a schema. */
    CelType typeOf(JsonNode schema, boolean root) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()
                || schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            return SimpleType.DYN;
        }
        return switch (Json.text(schema, "type")) {
            case "string" -> SimpleType.STRING;
            case "integer" -> SimpleType.INT;
            case "number" -> SimpleType.DOUBLE;
            case "boolean" -> SimpleType.BOOL;
            case "array" -> ListType.create(typeOf(schema.path("items"), false));
            case "object" -> objectType(schema, root);
            default -> SimpleType.DYN;
        };
    }

    private CelType objectType(JsonNode schema, boolean root) {
        JsonNode values = schema.path("additionalProperties");
        if (values.isObject()) {
            return MapType.create(SimpleType.STRING, typeOf(values, false));
        }
        if (schema.path("properties").isEmpty() && !root) {
            return SimpleType.DYN;
        }
        Map<String, CelType> fields = new LinkedHashMap<>();
        if (root) {
            fields.put("apiVersion", SimpleType.STRING);
            fields.put("kind", SimpleType.STRING);
            fields.put("metadata", MapType.create(SimpleType.STRING, SimpleType.DYN));
        }
        schema.path("properties")
                .properties()
                .forEach(
                        property -> {
                            if (!root || !fields.containsKey(property.getKey())) {
                                fields.put(
                                        escaped(property.getKey()),
                                        typeOf(property.getValue(), false));
                            }
                        });
        String name = "schema.Object" + structs.size();
        ImmutableMap<String, CelType> types = ImmutableMap.copyOf(fields);
        StructType struct =
                StructType.create(
                        name, types.keySet(), field -> Optional.ofNullable(types.get(field)));
        structs.put(name, struct);
        return struct;
    }

    /** A property name as an identifier in a rule. */
    static String escaped(String name) {
        if (RESERVED.contains(name)) {
            return "__" + name + "__";
        }
        return name.replace("__", "__underscores__")
                .replace(".", "__dot__")
                .replace("-", "__dash__")
                .replace("/", "__slash__");
    }

    /** A document as rules see it. */
    static Object valueOf(JsonNode node, JsonNode schema) {
        if (node.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            JsonNode values = schema.path("additionalProperties");
            node.properties().stream()
                    .filter(field -> !field.getValue().isNull())
                    .forEach(
                            field -> {
                                JsonNode property = Json.at(schema, "properties", field.getKey());
                                boolean declared = !property.isMissingNode();
                                map.put(
                                        declared ? escaped(field.getKey()) : field.getKey(),
                                        valueOf(field.getValue(), declared ? property : values));
                            });
            return map;
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(item -> list.add(valueOf(item, schema.path("items"))));
            return list;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isNumber()) {
            boolean whole = node.isIntegralNumber() && !Json.text(schema, "type").equals("number");
            return whole ? (Object) node.longValue() : (Object) node.doubleValue();
        }
        return node.isNull() ? dev.cel.common.values.NullValue.NULL_VALUE : node.asText();
    }
}
