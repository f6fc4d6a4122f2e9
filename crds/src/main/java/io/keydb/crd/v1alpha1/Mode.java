package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the members replicate. */
public enum Mode {
    /** One server, no replication. */
    @JsonProperty("Standalone")
    STANDALONE("Standalone"),
    /** Two servers, both take writes. */
    @JsonProperty("ActiveReplica")
    ACTIVE_REPLICA("ActiveReplica"),
    /** Two to nine servers, all take writes, each linked to each. */
    @JsonProperty("MultiMaster")
    MULTI_MASTER("MultiMaster");

    private final String text;

    Mode(String text) {
        this.text = text;
    }

    /** Whether members replicate with each other. */
    public boolean isReplicated() {
        return this != STANDALONE;
    }

    /** The name as written in YAML. */
    @Override
    public String toString() {
        return text;
    }
}
