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
                "self.mode == oldSelf.mode || oldSelf.mode == 'Standalone' || self.mode == 'MultiMaster'",
        message =
                "topology.mode can only grow: Standalone to ActiveReplica or MultiMaster, ActiveReplica to MultiMaster",
        fieldPath = ".mode")
public record Topology(
        @Required
                @JsonPropertyDescription(
                        "Standalone: one server. ActiveReplica: two servers, both take writes. MultiMaster: two to nine servers, all take writes. Can only"
                                + " grow, in this order. Leaving Standalone restarts the one member, after the new ones hold its data.")
                Mode mode) {}
