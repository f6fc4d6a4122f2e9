package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * Where clients connect, as host:port.
 *
 * <p>Threads: immutable.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Endpoints(
        @JsonPropertyDescription("Leads to where writes go.") String readWrite,
        @JsonPropertyDescription("Leads to every serving member.") String any) {}
