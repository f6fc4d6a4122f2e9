package io.keydb.e2e.controlplane.api;

import static io.keydb.e2e.controlplane.api.BuiltinRules.putMissing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import io.keydb.e2e.controlplane.schema.Violation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The defaults and rules of a pod specification, alone or in a template.
 *
 * <p>Threads: stateless.
 */
final class PodDefaults {

    private static final List<String> PROBES =
            List.of("startupProbe", "livenessProbe", "readinessProbe");

    private PodDefaults() {}

    static void complete(ObjectNode spec) {
        putMissing(spec, "restartPolicy", "Always");
        putMissing(spec, "dnsPolicy", "ClusterFirst");
        putMissing(spec, "schedulerName", "default-scheduler");
        putMissing(spec, "terminationGracePeriodSeconds", 30);
        Json.ensure(spec, "securityContext");
        spec.path("containers").forEach(container -> completeContainer((ObjectNode) container));
        spec.path("initContainers").forEach(container -> completeContainer((ObjectNode) container));
        for (JsonNode volume : spec.path("volumes")) {
            for (String source : List.of("configMap", "secret", "projected", "downwardAPI")) {
                if (volume.get(source) instanceof ObjectNode object) {
                    putMissing(object, "defaultMode", 420);
                }
            }
        }
    }

    private static void completeContainer(ObjectNode container) {
        putMissing(container, "terminationMessagePath", "/dev/termination-log");
        putMissing(container, "terminationMessagePolicy", "File");
        String image = Json.text(container, "image");
        boolean latest =
                image.endsWith(":latest")
                        || !image.substring(image.lastIndexOf('/') + 1).contains(":");
        putMissing(container, "imagePullPolicy", latest ? "Always" : "IfNotPresent");
        Json.ensure(container, "resources");
        container.path("ports").forEach(port -> putMissing((ObjectNode) port, "protocol", "TCP"));
        for (JsonNode variable : container.path("env")) {
            if (Json.at(variable, "valueFrom", "fieldRef") instanceof ObjectNode reference) {
                putMissing(reference, "apiVersion", "v1");
            }
        }
        for (String name : PROBES) {
            if (container.get(name) instanceof ObjectNode probe) {
                completeProbe(probe);
            }
        }
    }

    private static void completeProbe(ObjectNode probe) {
        putMissing(probe, "timeoutSeconds", 1);
        putMissing(probe, "periodSeconds", 10);
        putMissing(probe, "successThreshold", 1);
        putMissing(probe, "failureThreshold", 3);
        if (probe.get("httpGet") instanceof ObjectNode get) {
            putMissing(get, "path", "/");
            putMissing(get, "scheme", "HTTP");
        }
    }

    static void check(JsonNode spec, String path, List<Violation> violations) {
        JsonNode containers = spec.path("containers");
        if (containers.isEmpty()) {
            violations.add(Violation.required(path + ".containers"));
        }
        Set<String> volumes = new HashSet<>();
        spec.path("volumes").forEach(volume -> volumes.add(Json.text(volume, "name")));
        Set<String> names = new HashSet<>();
        for (int i = 0; i < containers.size(); i++) {
            checkContainer(containers.get(i), path + ".containers[" + i + "]", names, violations);
            JsonNode mounts = containers.get(i).path("volumeMounts");
            for (int j = 0; j < mounts.size(); j++) {
                String name = Json.text(mounts.get(j), "name");
                if (!volumes.contains(name)) {
                    violations.add(
                            new Violation(
                                    "FieldValueNotFound",
                                    path + ".containers[" + i + "].volumeMounts[" + j + "].name",
                                    "Not found: \"" + name + '"'));
                }
            }
        }
    }

    private static void checkContainer(
            JsonNode container, String path, Set<String> names, List<Violation> violations) {
        String name = Json.text(container, "name");
        if (name.isEmpty()) {
            violations.add(Violation.required(path + ".name"));
        } else if (!names.add(name)) {
            violations.add(
                    new Violation(
                            "FieldValueDuplicate",
                            path + ".name",
                            "Duplicate value: \"" + name + '"'));
        }
        if (Json.text(container, "image").isEmpty()) {
            violations.add(Violation.required(path + ".image"));
        }
        for (String probe : PROBES) {
            JsonNode threshold = container.path(probe).path("successThreshold");
            if (!probe.equals("readinessProbe") && threshold.asInt(1) != 1) {
                violations.add(
                        Violation.invalid(
                                path + "." + probe + ".successThreshold",
                                threshold.asText(),
                                "must be 1"));
            }
        }
    }
}
