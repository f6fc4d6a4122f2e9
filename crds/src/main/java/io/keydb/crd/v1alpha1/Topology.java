package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * How many servers there are and how they replicate.
 *
 * <p>Threads: immutable.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value =
                "self.mode == oldSelf.mode || (self.mode != 'Standalone' && oldSelf.mode != 'Standalone')",
        message = "topology.mode cannot be changed from or to Standalone after creation",
        fieldPath = ".mode")
public record Topology(
        @Required
                @JsonPropertyDescription(
                        "Standalone: one server. ActiveReplica: two servers, both take writes. MultiMaster: two to nine servers, all take writes. Changing between the last two restarts nothing; Standalone cannot be changed.")
                Mode mode) {}
