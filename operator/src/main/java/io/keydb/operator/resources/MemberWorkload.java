package io.keydb.operator.resources;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.crd.v1alpha1.PersistenceType;
import io.keydb.crd.v1alpha1.ReclaimPolicy;
import java.util.Map;
import java.util.TreeMap;

/**
 * What runs one member: a StatefulSet of one pod, and the volume claim that the pod uses.
 *
 * <p>One StatefulSet per member, because then no field that Kubernetes makes immutable ever has to
 * change, each member can be restarted, resized and removed for itself, and pods still come back
 * while the operator is down. The claim is the operator's, not a template of the StatefulSet, for
 * the same reason.
 *
 * <p>The pod template is the same whatever the number of members. Its hash is an annotation of
 * StatefulSet and pod: it tells which pods run the current template.
 *
 * <p>Threads: without state.
 */
public final class MemberWorkload {
    private MemberWorkload() {}

    /** The StatefulSet of a member. */
    public static StatefulSet statefulSet(
            KeyDB keydb, int ordinal, String defaultImage, boolean hasJoined) {
        var names = Names.of(keydb);
        var template = template(keydb, ordinal, defaultImage);
        var hash = Json.hash(template);
        template.getMetadata().getAnnotations().put(Labels.TEMPLATE_HASH, hash);
        var annotations = new TreeMap<>(Map.of(Labels.TEMPLATE_HASH, hash));
        if (hasJoined) {
            annotations.put(Labels.JOINED, Labels.TRUE);
        }
        return new StatefulSetBuilder()
                .withMetadata(
                        Owner.owned(keydb, names.member(ordinal), Labels.ofMember(names, ordinal)))
                .editMetadata()
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .withServiceName(names.headless())
                // Parallel: a pod that never gets ready is still replaced when its template is
                // corrected.
                .withPodManagementPolicy("Parallel")
                .withRevisionHistoryLimit(2)
                .withNewSelector()
                .withMatchLabels(Labels.selectingMember(names, ordinal))
                .endSelector()
                .withNewUpdateStrategy()
                .withType("RollingUpdate")
                .endUpdateStrategy()
                .withTemplate(template)
                .endSpec()
                .build();
    }

    /** The volume claim of a member; without an owner when it is to outlive the resource. */
    public static PersistentVolumeClaim claim(KeyDB keydb, int ordinal) {
        var names = Names.of(keydb);
        var labels = Labels.ofMember(names, ordinal);
        var persistence = keydb.getSpec().persistence();
        var goesWithResource = persistence.reclaim().whenDeleted() == ReclaimPolicy.DELETE;
        var metadata =
                goesWithResource
                        ? Owner.owned(keydb, names.claim(ordinal), labels)
                        : Owner.independent(keydb, names.claim(ordinal), labels);
        return new PersistentVolumeClaimBuilder()
                .withMetadata(metadata)
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(persistence.storageClassName())
                .withNewResources()
                .withRequests(Map.of("storage", Quantity.parse(persistence.size())))
                .endResources()
                .endSpec()
                .build();
    }

    /** Whether members have a volume claim. */
    public static boolean hasClaim(KeyDB keydb) {
        return keydb.getSpec().persistence().type() == PersistenceType.PERSISTENT;
    }

    private static PodTemplateSpec template(KeyDB keydb, int ordinal, String defaultImage) {
        var names = Names.of(keydb);
        var spec = keydb.getSpec();
        var labels = new TreeMap<>(spec.podTemplate().labels());
        labels.putAll(Labels.ofMember(names, ordinal));
        var annotations = new TreeMap<>(spec.podTemplate().annotations());
        annotations.put(Labels.CONFIG_HASH, Json.hash(KeydbConf.text(spec)));
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .withAnnotations(annotations)
                .endMetadata()
                .withSpec(MemberPod.spec(keydb, ordinal, defaultImage))
                .build();
    }
}
