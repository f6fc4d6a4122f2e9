package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which serving members the service for writes selects. */
public enum WritePolicy {
    /** Exactly one member; another one the moment that one is not ready. */
    @JsonProperty("Preferred")
    PREFERRED,
    /** Every serving member. */
    @JsonProperty("Any")
    ANY
}
