package io.keydb.e2e.permissions;

import static com.fasterxml.jackson.databind.node.JsonNodeFactory.instance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules that a rendered chart gives to the operator's account: those of the roles that its
 * bindings name.
 *
 * <p>Threads: immutable.
 */
final class ChartRoles {
    private final List<JsonNode> rules = new ArrayList<>();

    /** Reads the manifests that the chart renders. */
    static ChartRoles read(Path manifests) throws IOException {
        try (MappingIterator<JsonNode> documents =
                new YAMLMapper().readerFor(JsonNode.class).readValues(manifests.toFile())) {
            return new ChartRoles(documents.readAll());
        }
    }

    private ChartRoles(List<JsonNode> documents) {
        for (JsonNode binding : documents) {
            if (binding.path("kind").asText().endsWith("RoleBinding")) {
                JsonNode wanted = binding.path("roleRef");
                documents.stream()
                        .filter(role -> role.path("kind").equals(wanted.path("kind")))
                        .filter(role -> role.at("/metadata/name").equals(wanted.path("name")))
                        .forEach(role -> role.path("rules").forEach(rules::add));
            }
        }
    }

    int size() {
        return rules.size();
    }

    boolean allow(Access access) {
        return access.verbs().stream().allMatch(verb -> allow(verb, access));
    }

    private boolean allow(String verb, Access access) {
        return rules.stream()
                .anyMatch(
                        rule ->
                                has(rule.path("apiGroups"), access.group())
                                        && has(rule.path("resources"), access.resource())
                                        && has(rule.path("verbs"), verb));
    }

    private static boolean has(JsonNode list, String wanted) {
        for (JsonNode item : list) {
            if (item.equals(instance.textNode(wanted))) {
                return true;
            }
        }
        return false;
    }
}
