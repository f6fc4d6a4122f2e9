package io.keydb.e2e.controlplane.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON and YAML documents as trees, with every integer held as a long.
 *
 * <p>One integer type matters: Jackson's tree equality tells an {@code int} 1 from a {@code long}
 * 1, and the API server compares trees to decide whether a write changes anything.
 *
 * <p>Threads: stateless.
 */
public final class Json {

    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();

    private static final ObjectMapper YAML =
            new ObjectMapper(
                            YAMLFactory.builder()
                                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                                    .build())
                    .enable(DeserializationFeature.USE_LONG_FOR_INTS);

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** Parses JSON text; the caller turns the exception into its own refusal. */
    public static JsonNode parse(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    /** Parses one YAML (or JSON) document. */
    public static JsonNode parseYaml(String text) throws JsonProcessingException {
        return YAML.readTree(text);
    }

    /** Parses a stream of YAML documents separated by {@code ---}; empty ones are left out. */
    public static List<JsonNode> parseYamlDocuments(String text) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        try (MappingIterator<JsonNode> iterator = YAML.readerFor(JsonNode.class).readValues(text)) {
            while (iterator.hasNext()) {
                JsonNode document = iterator.next();
                if (document != null && document.isObject()) {
                    documents.add(document);
                }
            }
        }
        return documents;
    }

    public static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String writeYaml(JsonNode node) {
        try {
            return YAML.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A deep copy in which every integer is a long. */
    public static <T extends JsonNode> T copy(T node) {
        @SuppressWarnings("unchecked") // the copy of a node has the node's own kind
        T copy = (T) normalised(node);
        return copy;
    }

    private static JsonNode normalised(JsonNode node) {
        if (node.isObject()) {
            ObjectNode copy = object();
            node.properties()
                    .forEach(field -> copy.set(field.getKey(), normalised(field.getValue())));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = array();
            node.forEach(item -> copy.add(normalised(item)));
            return copy;
        }
        return node.isInt() || node.isShort() ? LongNode.valueOf(node.longValue()) : node;
    }

    /** The node at a path of field names; a missing node when there is none. */
    public static JsonNode at(JsonNode node, String... path) {
        JsonNode current = node;
        for (String name : path) {
            current = current.path(name);
        }
        return current;
    }

    /** The text at a path, or the empty string. */
    public static String text(JsonNode node, String... path) {
        return at(node, path).asText("");
    }

    /** The object at a path, made where it is missing or not an object. */
    public static ObjectNode ensure(ObjectNode node, String... path) {
        ObjectNode current = node;
        for (String name : path) {
            current =
                    current.get(name) instanceof ObjectNode child ? child : current.putObject(name);
        }
        return current;
    }

    /** Whether the node is absent or null. */
    public static boolean absent(@Nullable JsonNode node) {
        return node == null || node.isMissingNode() || node.isNull();
    }

    /** The texts of an array; empty when it is none. */
    public static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>(array.size());
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
