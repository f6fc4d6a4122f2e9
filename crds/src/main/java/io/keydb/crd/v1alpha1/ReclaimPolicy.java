package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to a volume that is no longer used. */
public enum ReclaimPolicy {
    /** It stays, and is used again by a member of the same name. */
    @JsonProperty("Retain")
    RETAIN,
    /** It is deleted, with the data on it. */
    @JsonProperty("Delete")
    DELETE
}
