package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to a member's files when its pod moves. */
public enum PersistenceType {
    /** They stay, on a volume of the member's own. */
    @JsonProperty("Persistent")
    PERSISTENT,
    /** They go with the pod. */
    @JsonProperty("Ephemeral")
    EPHEMERAL
}
