package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** One word for people; programs read the conditions. */
public enum Phase {
    /** Members start for the first time. */
    @JsonProperty("Starting")
    STARTING,
    /** All members serve and nothing is to be done. */
    @JsonProperty("Running")
    RUNNING,
    /** Members join or leave. */
    @JsonProperty("Scaling")
    SCALING,
    /** Members are restarted one after another. */
    @JsonProperty("Updating")
    UPDATING,
    /** Writes are served, but not by all members. */
    @JsonProperty("Degraded")
    DEGRADED,
    /** No member takes writes. */
    @JsonProperty("Unavailable")
    UNAVAILABLE,
    /** The user must correct something. */
    @JsonProperty("Stalled")
    STALLED,
    /** The user asked the operator to change nothing. */
    @JsonProperty("Paused")
    PAUSED
}
