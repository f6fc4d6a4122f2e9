package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * The link over which one member receives the writes of another one.
 *
 * <p>Threads: immutable.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LinkStatus(
        @JsonPropertyDescription(
                        "Name of the member the writes come from, or host:port of a foreign server.")
                String peer,
        @JsonPropertyDescription(
                        "connecting, handshake, merging, merged, or missing when the link is still to be made.")
                String state) {}
