package io.keydb.operator.resources;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Compares and hashes Kubernetes objects by their JSON.
 *
 * <p>Threads: safe, the mapper is configured once.
 */
public final class Json {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    private Json() {}

    /** A short hash that changes whenever the object's JSON does. */
    public static String hash(Object object) {
        try {
            var bytes = MAPPER.writeValueAsString(object).getBytes(StandardCharsets.UTF_8);
            var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Whether {@code actual} already has everything {@code desired} asks for. What the API server
     * or others added does not matter; lists have to be of equal length.
     */
    public static boolean contains(Object actual, Object desired) {
        return contains(
                MAPPER.<JsonNode>valueToTree(actual), MAPPER.<JsonNode>valueToTree(desired));
    }

    private static boolean contains(JsonNode actual, JsonNode desired) {
        return switch (desired) {
            case ObjectNode object ->
                    object.properties().stream()
                            .allMatch(
                                    field ->
                                            contains(
                                                    actual.path(field.getKey()), field.getValue()));
            case ArrayNode array -> {
                if (array.size() != actual.size()) {
                    yield false;
                }
                for (var i = 0; i < array.size(); i++) {
                    if (!contains(actual.path(i), array.path(i))) {
                        yield false;
                    }
                }
                yield true;
            }
            default -> desired.equals(actual) || isSameQuantity(actual, desired);
        };
    }

    /** The API server rewrites quantities: 1024Mi comes back as 1Gi. */
    private static boolean isSameQuantity(JsonNode actual, JsonNode desired) {
        if (!actual.isValueNode() || !desired.isTextual()) {
            return false;
        }
        try {
            var one = Quantity.parse(actual.asText());
            var other = Quantity.parse(desired.asText());
            return one.getNumericalAmount().compareTo(other.getNumericalAmount()) == 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
