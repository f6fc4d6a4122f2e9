package io.keydb.e2e.controlplane.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.e2e.controlplane.api.Api;
import io.keydb.e2e.controlplane.api.ResourceKind;
import io.keydb.e2e.controlplane.api.ResourceKinds;
import io.keydb.e2e.controlplane.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The environment variables of a container, resolved, and their use in arguments as {@code
 * $(NAME)}.
 *
 * <p>Threads: confined to the pod's executor.
 */
final class ContainerEnvironment {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");
    private static final Pattern LABEL_FIELD =
            Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");

    private final Map<String, String> values = new LinkedHashMap<>();

    ContainerEnvironment(Api api, JsonNode pod, JsonNode container, String address)
            throws PodVolumes.NotMounted {
        for (JsonNode variable : container.path("env")) {
            JsonNode from = variable.path("valueFrom");
            String value;
            if (from.has("fieldRef")) {
                value = field(pod, Json.text(from, "fieldRef", "fieldPath"), address);
            } else if (from.has("secretKeyRef")) {
                value = key(api, pod, ResourceKinds.SECRET, from.path("secretKeyRef"));
            } else if (from.has("configMapKeyRef")) {
                value = key(api, pod, ResourceKinds.CONFIG_MAP, from.path("configMapKeyRef"));
            } else if (from.has("resourceFieldRef")) {
                value =
                        Json.text(
                                container.path("resources"),
                                Json.text(from, "resourceFieldRef", "resource").split("\\."));
            } else {
                value = expand(Json.text(variable, "value"));
            }
            values.put(Json.text(variable, "name"), value);
        }
    }

    private static String field(JsonNode pod, String path, String address) {
        Matcher label = LABEL_FIELD.matcher(path);
        if (label.matches()) {
            return Json.text(pod, "metadata", label.group(1), label.group(2));
        }
        return path.equals("status.podIP") || path.equals("status.hostIP")
                ? address
                : Json.text(pod, path.split("\\."));
    }

    private static String key(Api api, JsonNode pod, ResourceKind kind, JsonNode reference)
            throws PodVolumes.NotMounted {
        String name = Json.text(reference, "name");
        JsonNode object = api.find(kind, Json.text(pod, "metadata", "namespace"), name);
        JsonNode value =
                object == null
                        ? Json.object().path("")
                        : Json.at(object, "data", Json.text(reference, "key"));
        if (value.isMissingNode()) {
            if (reference.path("optional").asBoolean()) {
                return "";
            }
            throw new PodVolumes.NotMounted(
                    kind.names().singular()
                            + " \""
                            + name
                            + "\" or its key \""
                            + Json.text(reference, "key")
                            + "\" not found");
        }
        return kind.equals(ResourceKinds.SECRET)
                ? new String(Base64.getDecoder().decode(value.asText()), StandardCharsets.UTF_8)
                : value.asText();
    }

    /** A text with references to variables replaced; unknown ones stay. */
    String expand(String text) {
        return REFERENCE
                .matcher(text)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        values.getOrDefault(found.group(1), found.group())));
    }

    Map<String, String> values() {
        return values;
    }
}
