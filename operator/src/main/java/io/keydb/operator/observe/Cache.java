package io.keydb.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;

/** What informers know of the objects of one deployment. */
@FunctionalInterface
public interface Cache {
    /** All objects of a kind that have the deployment's label. */
    <T extends HasMetadata> Collection<T> all(Class<T> kind);
}
