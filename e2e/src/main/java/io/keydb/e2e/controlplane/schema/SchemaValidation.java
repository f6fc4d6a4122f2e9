package io.keydb.e2e.controlplane.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.e2e.controlplane.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks a value against an OpenAPI schema and words what is wrong as the real API server does.
 *
 * <p>Threads: confined to one request.
 *
 * @param violations receives what is wrong
 */
record SchemaValidation(List<Violation> violations) {

    void check(JsonNode value, JsonNode schema, String path) {
        if (value.isNull()) {
            if (!schema.path("nullable").asBoolean()) {
                wrongType(path, Json.text(schema, "type"), "null");
            }
            return;
        }
        if (!typeFits(value, schema)) {
            String expected =
                    schema.path("x-kubernetes-int-or-string").asBoolean()
                            ? "integer,string"
                            : Json.text(schema, "type");
            wrongType(path, expected, typeName(value));
            return;
        }
        checkEnum(value, schema, path);
        if (value.isTextual()) {
            checkText(value.asText(), schema, path);
        } else if (value.isNumber()) {
            checkNumber(value, schema, path);
        } else if (value.isArray()) {
            checkArray(value, schema, path);
        } else if (value.isObject()) {
            checkObject(value, schema, path);
        }
        checkCombinations(value, schema, path);
    }

    private void wrongType(String path, String expected, String found) {
        violations.add(
                Violation.invalid(
                        path,
                        quoted(found),
                        path + " in body must be of type " + expected + ": " + quoted(found)));
    }

    private static boolean typeFits(JsonNode value, JsonNode schema) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return value.isIntegralNumber() || value.isTextual();
        }
        return switch (Json.text(schema, "type")) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" ->
                    value.isIntegralNumber()
                            || (value.isNumber() && value.doubleValue() == value.longValue());
            case "number" -> value.isNumber();
            default -> true;
        };
    }

    private static String typeName(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "array";
            case BOOLEAN -> "boolean";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case STRING -> "string";
            default -> "object";
        };
    }

    private void checkEnum(JsonNode value, JsonNode schema, String path) {
        JsonNode allowed = schema.path("enum");
        if (!allowed.isArray() || contains(allowed, value)) {
            return;
        }
        List<String> names = new ArrayList<>();
        allowed.forEach(item -> names.add(Json.write(item)));
        violations.add(
                new Violation(
                        "FieldValueNotSupported",
                        path,
                        "Unsupported value: "
                                + Json.write(value)
                                + ": supported values: "
                                + String.join(", ", names)));
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        for (JsonNode item : list) {
            if (Json.copy(item).equals(value)) {
                return true;
            }
        }
        return false;
    }

    private void checkText(String text, JsonNode schema, String path) {
        int length = text.codePointCount(0, text.length());
        if (schema.has("minLength") && length < schema.get("minLength").asInt()) {
            invalid(
                    path,
                    quoted(text),
                    "should be at least " + schema.get("minLength").asInt() + " chars long");
        }
        if (schema.has("maxLength") && length > schema.get("maxLength").asInt()) {
            violations.add(
                    new Violation(
                            "FieldValueTooLong",
                            path,
                            "Too long: may not be more than "
                                    + schema.get("maxLength").asInt()
                                    + " bytes"));
        }
        if (schema.has("pattern")
                && !Pattern.compile(Json.text(schema, "pattern")).matcher(text).find()) {
            invalid(path, quoted(text), "should match '" + Json.text(schema, "pattern") + "'");
        }
    }

    private void checkNumber(JsonNode value, JsonNode schema, String path) {
        BigDecimal number = value.decimalValue();
        JsonNode minimum = schema.path("minimum");
        JsonNode maximum = schema.path("maximum");
        if (minimum.isNumber()) {
            int order = number.compareTo(minimum.decimalValue());
            boolean exclusive = schema.path("exclusiveMinimum").asBoolean();
            if (order < 0 || (exclusive && order == 0)) {
                invalid(
                        path,
                        value.asText(),
                        "should be greater than " + orEqual(exclusive) + minimum.asText());
            }
        }
        if (maximum.isNumber()) {
            int order = number.compareTo(maximum.decimalValue());
            boolean exclusive = schema.path("exclusiveMaximum").asBoolean();
            if (order > 0 || (exclusive && order == 0)) {
                invalid(
                        path,
                        value.asText(),
                        "should be less than " + orEqual(exclusive) + maximum.asText());
            }
        }
        JsonNode step = schema.path("multipleOf");
        if (step.isNumber() && number.remainder(step.decimalValue()).signum() != 0) {
            invalid(path, value.asText(), "should be a multiple of " + step.asText());
        }
        if (Json.text(schema, "format").equals("int32") && !value.canConvertToInt()) {
            invalid(path, value.asText(), "must be of type int32: " + value.asText());
        }
    }

    private static String orEqual(boolean exclusive) {
        return exclusive ? "" : "or equal to ";
    }

    private void checkArray(JsonNode value, JsonNode schema, String path) {
        if (schema.has("minItems") && value.size() < schema.get("minItems").asInt()) {
            invalid(
                    path,
                    "" + value.size(),
                    "should have at least " + schema.get("minItems").asInt() + " items");
        }
        if (schema.has("maxItems") && value.size() > schema.get("maxItems").asInt()) {
            violations.add(
                    new Violation(
                            "FieldValueTooMany",
                            path,
                            "Too many: "
                                    + value.size()
                                    + ": must have at most "
                                    + schema.get("maxItems").asInt()
                                    + " items"));
        }
        checkDuplicates(value, schema, path);
        for (int i = 0; i < value.size(); i++) {
            check(value.get(i), schema.path("items"), path + "[" + i + "]");
        }
    }

    private void checkDuplicates(JsonNode value, JsonNode schema, String path) {
        String listType = Json.text(schema, "x-kubernetes-list-type");
        if (!listType.equals("set")
                && !listType.equals("map")
                && !schema.path("uniqueItems").asBoolean()) {
            return;
        }
        Set<JsonNode> seen = new HashSet<>();
        for (int i = 0; i < value.size(); i++) {
            JsonNode item = value.get(i);
            JsonNode identity = item;
            if (listType.equals("map")) {
                var key = Json.object();
                for (String name : Json.texts(schema.path("x-kubernetes-list-map-keys"))) {
                    key.set(name, item.path(name));
                }
                identity = key;
            }
            if (!seen.add(identity)) {
                violations.add(
                        new Violation(
                                "FieldValueDuplicate",
                                path + "[" + i + "]",
                                "Duplicate value: " + Json.write(identity)));
            }
        }
    }

    private void checkObject(JsonNode value, JsonNode schema, String path) {
        checkRequired(value, schema, path + ".");
        if (schema.has("minProperties") && value.size() < schema.get("minProperties").asInt()) {
            invalid(
                    path,
                    "" + value.size(),
                    "should have at least " + schema.get("minProperties").asInt() + " properties");
        }
        if (schema.has("maxProperties") && value.size() > schema.get("maxProperties").asInt()) {
            violations.add(
                    new Violation(
                            "FieldValueTooMany",
                            path,
                            "Too many: "
                                    + value.size()
                                    + ": must have at most "
                                    + schema.get("maxProperties").asInt()
                                    + " items"));
        }
        JsonNode values = schema.path("additionalProperties");
        value.properties()
                .forEach(
                        field -> {
                            JsonNode property = Json.at(schema, "properties", field.getKey());
                            if (!property.isMissingNode()) {
                                check(field.getValue(), property, path + "." + field.getKey());
                            } else if (values.isObject()) {
                                check(field.getValue(), values, path + "." + field.getKey());
                            }
                        });
    }

    void checkRequired(JsonNode value, JsonNode schema, String prefix) {
        for (String name : Json.texts(schema.path("required"))) {
            if (Json.absent(value.get(name))) {
                violations.add(Violation.required(prefix + name));
            }
        }
    }

    private void checkCombinations(JsonNode value, JsonNode schema, String path) {
        for (JsonNode part : schema.path("allOf")) {
            check(value, part, path);
        }
        if (schema.path("anyOf").isArray() && matches(value, schema.path("anyOf"), path) == 0) {
            invalid(path, shown(value), "must validate at least one schema (anyOf)");
        }
        if (schema.path("oneOf").isArray() && matches(value, schema.path("oneOf"), path) != 1) {
            invalid(path, shown(value), "must validate one and only one schema (oneOf)");
        }
        if (schema.path("not").isObject() && accepts(value, schema.path("not"), path)) {
            invalid(path, shown(value), "must not validate the schema (not)");
        }
    }

    private static int matches(JsonNode value, JsonNode schemas, String path) {
        int matches = 0;
        for (JsonNode schema : schemas) {
            matches += accepts(value, schema, path) ? 1 : 0;
        }
        return matches;
    }

    private static boolean accepts(JsonNode value, JsonNode schema, String path) {
        List<Violation> found = new ArrayList<>();
        new SchemaValidation(found).check(value, schema, path);
        return found.isEmpty();
    }

    private void invalid(String path, String value, String detail) {
        violations.add(Violation.invalid(path, value, path + " in body " + detail));
    }

    private static String shown(JsonNode value) {
        return value.isContainerNode() ? quoted(typeName(value)) : Json.write(value);
    }

    static String quoted(String text) {
        return '"' + text + '"';
    }
}
