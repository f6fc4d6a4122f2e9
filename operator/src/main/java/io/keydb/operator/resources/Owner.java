package io.keydb.operator.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.keydb.crd.v1alpha1.KeyDB;
import java.util.Map;

/**
 * Ties objects to the {@code KeyDB} they are made for, so that Kubernetes deletes them with it.
 *
 * <p>Threads: without state.
 */
public final class Owner {
    private Owner() {}

    /** Metadata of an object that goes when the resource goes. */
    static ObjectMeta owned(KeyDB keydb, String name, Map<String, String> labels) {
        return new ObjectMetaBuilder(independent(keydb, name, labels))
                .withOwnerReferences(reference(keydb))
                .build();
    }

    /** Metadata of an object that stays when the resource goes. */
    static ObjectMeta independent(KeyDB keydb, String name, Map<String, String> labels) {
        return new ObjectMetaBuilder()
                .withNamespace(keydb.getMetadata().getNamespace())
                .withName(name)
                .withLabels(labels)
                .build();
    }

    private static OwnerReference reference(KeyDB keydb) {
        return new OwnerReferenceBuilder()
                .withApiVersion(keydb.getApiVersion())
                .withKind(keydb.getKind())
                .withName(keydb.getMetadata().getName())
                .withUid(keydb.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }

    /**
     * Whether the object was made for this very resource, not for one of the same name before it.
     */
    public static boolean owns(KeyDB keydb, HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getUid().equals(keydb.getMetadata().getUid()));
    }
}
