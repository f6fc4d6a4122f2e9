package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/**
 * What happens to volumes that are no longer used.
 *
 * <p>Threads: immutable.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Reclaim(
        @Default("Retain")
                @JsonPropertyDescription(
                        "When the KeyDB is deleted: Retain keeps the volumes, a KeyDB of the same name finds them again. Delete deletes the data. A change"
                                + " costs nothing.")
                ReclaimPolicy whenDeleted,
        @Default("Retain")
                @JsonPropertyDescription(
                        "When replicas is lowered: Retain keeps the volumes of the members that left. Delete deletes them. A change costs nothing.")
                ReclaimPolicy whenScaled) {

    static final Reclaim DEFAULT = new Reclaim(ReclaimPolicy.RETAIN, ReclaimPolicy.RETAIN);

    public Reclaim {
        whenDeleted = whenDeleted == null ? ReclaimPolicy.RETAIN : whenDeleted;
        whenScaled = whenScaled == null ? ReclaimPolicy.RETAIN : whenScaled;
    }
}
