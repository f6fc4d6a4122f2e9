package io.keydb.e2e.controlplane.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The pods and claims a StatefulSet wants.
 *
 * <p>Threads: immutable.
 *
 * @param set the StatefulSet
 */
record StatefulPods(JsonNode set) {

    static final String REVISION_LABEL = "controller-revision-hash";

    String namespace() {
        return Json.text(set, "metadata", "namespace");
    }

    private String name() {
        return Json.text(set, "metadata", "name");
    }

    int replicas() {
        return Json.at(set, "spec", "replicas").asInt(1);
    }

    boolean ordered() {
        return !Json.text(set, "spec", "podManagementPolicy").equals("Parallel");
    }

    boolean rolling() {
        return !Json.text(set, "spec", "updateStrategy", "type").equals("OnDelete");
    }

    int partition() {
        return Json.at(set, "spec", "updateStrategy", "rollingUpdate", "partition").asInt(0);
    }

    /** The name of the template's present content. */
    String revision() {
        CRC32 hash = new CRC32();
        hash.update(Json.write(Json.at(set, "spec", "template")).getBytes(StandardCharsets.UTF_8));
        return name() + "-" + Long.toString(hash.getValue(), 36);
    }

    /** The pod of an ordinal. */
    ObjectNode pod(int ordinal) {
        ObjectNode pod = Json.copy((ObjectNode) Json.at(set, "spec", "template"));
        String podName = name() + "-" + ordinal;
        ObjectNode metadata = Json.ensure(pod, "metadata");
        metadata.put("name", podName).put("namespace", namespace());
        Json.ensure(metadata, "labels")
                .put("statefulset.kubernetes.io/pod-name", podName)
                .put("apps.kubernetes.io/pod-index", Integer.toString(ordinal))
                .put(REVISION_LABEL, revision());
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "apps/v1")
                .put("kind", "StatefulSet")
                .put("name", name())
                .put("uid", Json.text(set, "metadata", "uid"))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
        ObjectNode spec = Json.ensure(pod, "spec");
        spec.put("hostname", podName).put("subdomain", Json.text(set, "spec", "serviceName"));
        ArrayNode volumes = spec.withArray("volumes");
        for (ObjectNode claim : claims(ordinal)) {
            String claimName = Json.text(claim, "metadata", "name");
            String volumeName = claimName.substring(0, claimName.length() - podName.length() - 1);
            ObjectNode volume = volumes.addObject().put("name", volumeName);
            volume.putObject("persistentVolumeClaim").put("claimName", claimName);
        }
        return pod;
    }

    /** The claims of an ordinal, from the set's templates. */
    List<ObjectNode> claims(int ordinal) {
        List<ObjectNode> claims = new ArrayList<>();
        for (JsonNode template : Json.at(set, "spec", "volumeClaimTemplates")) {
            ObjectNode claim = Json.copy((ObjectNode) template);
            claim.remove("status");
            ObjectNode metadata = Json.ensure(claim, "metadata");
            metadata.put("name", Json.text(metadata, "name") + "-" + name() + "-" + ordinal);
            metadata.put("namespace", namespace());
            claims.add(claim);
        }
        return claims;
    }
}
