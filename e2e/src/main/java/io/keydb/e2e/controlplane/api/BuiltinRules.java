package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import io.keydb.e2e.controlplane.schema.Violation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Defaults and rules of Kubernetes' own kinds, as far as an operator of databases meets them.
 *
 * <p>Threads: called under the store's lock.
 */
final class BuiltinRules {

    private static final Set<String> STATEFUL_SET_MUTABLE =
            Set.of(
                    "replicas",
                    "ordinals",
                    "template",
                    "updateStrategy",
                    "revisionHistoryLimit",
                    "persistentVolumeClaimRetentionPolicy",
                    "minReadySeconds");

    private final ServiceAddresses addresses;

    BuiltinRules(ServiceAddresses addresses) {
        this.addresses = addresses;
    }

    List<Violation> admit(ResourceKind kind, ObjectNode next, @Nullable ObjectNode current) {
        List<Violation> violations = new ArrayList<>();
        switch (kind.kind()) {
            case "Pod" -> admitPod(next, current, violations);
            case "StatefulSet" -> admitStatefulSet(next, current, violations);
            case "Service" -> admitService(next, current, violations);
            case "Secret" -> admitSecret(next, current, violations);
            case "ConfigMap" ->
                    checkImmutable(next, current, List.of("data", "binaryData"), violations);
            case "PersistentVolumeClaim" -> admitClaim(next, current, violations);
            case "Namespace" -> {
                if (current == null) {
                    Json.ensure(next, "status").put("phase", "Active");
                }
            }
            default -> {}
        }
        return violations;
    }

    private static void admitPod(
            ObjectNode next, @Nullable ObjectNode current, List<Violation> violations) {
        ObjectNode spec = Json.ensure(next, "spec");
        PodDefaults.complete(spec);
        if (current == null) {
            PodDefaults.check(spec, "spec", violations);
            Json.ensure(next, "status").put("phase", "Pending").put("qosClass", "Burstable");
            return;
        }
        ObjectNode mutable = spec.deepCopy();
        ObjectNode before = Json.copy((ObjectNode) current.path("spec"));
        for (ObjectNode version : List.of(mutable, before)) {
            version.remove(List.of("nodeName", "activeDeadlineSeconds", "tolerations"));
            version.path("containers")
                    .forEach(container -> ((ObjectNode) container).remove("image"));
        }
        if (!mutable.equals(before)) {
            violations.add(
                    Violation.forbidden(
                            "spec",
                            "pod updates may not change fields other than `spec.containers[*].image`,"
                                    + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations`"
                                    + " (only additions to existing tolerations),`spec.terminationGracePeriodSeconds`"
                                    + " (allow it to be set to 1 if it was previously negative)"));
        }
    }

    private static void admitStatefulSet(
            ObjectNode next, @Nullable ObjectNode current, List<Violation> violations) {
        ObjectNode spec = Json.ensure(next, "spec");
        putMissing(spec, "replicas", 1);
        putMissing(spec, "podManagementPolicy", "OrderedReady");
        putMissing(spec, "revisionHistoryLimit", 10);
        ObjectNode strategy = Json.ensure(spec, "updateStrategy");
        putMissing(strategy, "type", "RollingUpdate");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
            putMissing(Json.ensure(strategy, "rollingUpdate"), "partition", 0);
        }
        ObjectNode retention = Json.ensure(spec, "persistentVolumeClaimRetentionPolicy");
        putMissing(retention, "whenDeleted", "Retain");
        putMissing(retention, "whenScaled", "Retain");
        ObjectNode podSpec = Json.ensure(spec, "template", "spec");
        PodDefaults.complete(podSpec);
        PodDefaults.check(podSpec, "spec.template.spec", violations);
        JsonNode selector = spec.path("selector");
        if (selector.isEmpty()) {
            violations.add(Violation.required("spec.selector"));
        } else if (!Selector.of(selector).test(spec.path("template"))) {
            violations.add(
                    Violation.invalid(
                            "spec.template.metadata.labels",
                            Json.write(Json.at(spec, "template", "metadata", "labels")),
                            "`selector` does not match template `labels`"));
        }
        if (current != null && !fixed(spec).equals(fixed((ObjectNode) current.path("spec")))) {
            violations.add(
                    Violation.forbidden(
                            "spec",
                            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
                                    + " 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy'"
                                    + " and 'minReadySeconds' are forbidden"));
        }
    }

    private static ObjectNode fixed(ObjectNode spec) {
        ObjectNode copy = Json.object();
        copy.setAll(spec);
        copy.remove(STATEFUL_SET_MUTABLE);
        return copy;
    }

    private void admitService(
            ObjectNode next, @Nullable ObjectNode current, List<Violation> violations) {
        ObjectNode spec = Json.ensure(next, "spec");
        putMissing(spec, "type", "ClusterIP");
        putMissing(spec, "sessionAffinity", "None");
        for (JsonNode port : spec.path("ports")) {
            putMissing((ObjectNode) port, "protocol", "TCP");
            if (!port.has("targetPort")) {
                ((ObjectNode) port).set("targetPort", port.path("port"));
            }
        }
        if (Json.text(spec, "type").equals("ExternalName")) {
            return;
        }
        putMissing(spec, "internalTrafficPolicy", "Cluster");
        putMissing(spec, "ipFamilyPolicy", "SingleStack");
        if (!spec.has("ipFamilies")) {
            spec.putArray("ipFamilies").add("IPv4");
        }
        if (spec.path("ports").isEmpty() && !Json.text(spec, "clusterIP").equals("None")) {
            violations.add(Violation.required("spec.ports"));
        }
        assignAddress(spec, current, violations);
    }

    private void assignAddress(
            ObjectNode spec, @Nullable ObjectNode current, List<Violation> violations) {
        String wanted = Json.text(spec, "clusterIP");
        String present = current == null ? "" : Json.text(current, "spec", "clusterIP");
        if (!present.isEmpty()) {
            if (!wanted.isEmpty() && !wanted.equals(present)) {
                violations.add(
                        Violation.invalid(
                                "spec.clusterIP", '"' + wanted + '"', "field is immutable"));
            }
            wanted = present;
        } else if (wanted.isEmpty()) {
            if (!violations.isEmpty()) {
                return;
            }
            wanted = addresses.allocate();
        } else if (!wanted.equals("None") && !addresses.claim(wanted)) {
            violations.add(
                    Violation.invalid(
                            "spec.clusterIP",
                            '"' + wanted + '"',
                            "failed to allocate IP "
                                    + wanted
                                    + ": it is taken or outside the range"));
        }
        spec.put("clusterIP", wanted);
        ArrayNode all = spec.putArray("clusterIPs");
        all.add(wanted);
    }

    private static void admitSecret(
            ObjectNode next, @Nullable ObjectNode current, List<Violation> violations) {
        JsonNode plain = next.remove("stringData");
        if (plain != null) {
            ObjectNode data = Json.ensure(next, "data");
            plain.properties()
                    .forEach(
                            field ->
                                    data.put(
                                            field.getKey(),
                                            Base64.getEncoder()
                                                    .encodeToString(
                                                            field.getValue()
                                                                    .asText()
                                                                    .getBytes(
                                                                            StandardCharsets
                                                                                    .UTF_8))));
        }
        putMissing(next, "type", "Opaque");
        next.path("data")
                .properties()
                .forEach(
                        field -> {
                            try {
                                Base64.getDecoder().decode(field.getValue().asText());
                            } catch (IllegalArgumentException _) {
                                violations.add(
                                        Violation.invalid(
                                                "data[" + field.getKey() + "]",
                                                "\"<redacted>\"",
                                                "illegal base64 data"));
                            }
                        });
        if (current != null && !Json.text(next, "type").equals(Json.text(current, "type"))) {
            violations.add(
                    Violation.invalid("type", Json.write(next.path("type")), "field is immutable"));
        }
        checkImmutable(next, current, List.of("data"), violations);
    }

    private static void checkImmutable(
            ObjectNode next,
            @Nullable ObjectNode current,
            List<String> fields,
            List<Violation> violations) {
        if (current == null || !current.path("immutable").asBoolean()) {
            return;
        }
        for (String field : fields) {
            if (!next.path(field).equals(current.path(field))) {
                violations.add(
                        Violation.forbidden(field, "field is immutable when `immutable` is set"));
            }
        }
    }

    private static void admitClaim(
            ObjectNode next, @Nullable ObjectNode current, List<Violation> violations) {
        ObjectNode spec = Json.ensure(next, "spec");
        putMissing(spec, "volumeMode", "Filesystem");
        putMissing(spec, "storageClassName", "local");
        if (current == null) {
            ArrayNode finalizers = Json.ensure(next, "metadata").withArray("finalizers");
            if (!Json.texts(finalizers).contains(ClaimProtection.FINALIZER)) {
                finalizers.add(ClaimProtection.FINALIZER);
            }
            Json.ensure(next, "status").put("phase", "Pending");
            if (spec.path("accessModes").isEmpty()) {
                violations.add(
                        new Violation(
                                "FieldValueRequired",
                                "spec.accessModes",
                                "Required value: at least 1 access mode is required"));
            }
            return;
        }
        ObjectNode after = spec.deepCopy();
        ObjectNode before = Json.copy((ObjectNode) current.path("spec"));
        for (ObjectNode version : List.of(after, before)) {
            version.remove(List.of("resources", "volumeName"));
        }
        if (!after.equals(before)) {
            violations.add(
                    Violation.forbidden(
                            "spec",
                            "spec is immutable after creation except resources.requests and volumeAttributesClassName"
                                    + " for bound claims"));
        }
    }

    static void putMissing(ObjectNode object, String field, String value) {
        if (Json.absent(object.get(field))) {
            object.put(field, value);
        }
    }

    static void putMissing(ObjectNode object, String field, long value) {
        if (Json.absent(object.get(field))) {
            object.put(field, value);
        }
    }
}
