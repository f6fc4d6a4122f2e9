package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator found. Holds no value that changes without a reason, so that a steady
 * deployment causes no writes.
 *
 * <p>Threads: immutable, as long as nobody changes the conditions inside.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KeyDBStatus(
        @JsonPropertyDescription("Generation of the specification this status speaks of.")
                @Nullable Long observedGeneration,
        @JsonPropertyDescription("One word for people; programs read the conditions.")
                @Nullable Phase phase,
        @JsonPropertyDescription(
                        "Ready, Available, ReplicationHealthy, Degraded, Reconciling, Stalled, Paused.")
                List<Condition> conditions,
        @StatusReplicas @JsonPropertyDescription("Number of members that exist.")
                @Nullable Integer replicas,
        @JsonPropertyDescription("Number of members that serve.") @Nullable Integer readyReplicas,
        @LabelSelector @JsonPropertyDescription("Selects the pods of the members.")
                @Nullable String selector,
        @JsonPropertyDescription(
                        "Name of the member that takes the writes; absent when several do or none does.")
                @Nullable String writeMember,
        @JsonPropertyDescription("Where clients connect.") @Nullable Endpoints endpoints,
        @JsonPropertyDescription("Name of the Secret with the password.")
                @Nullable String authSecret,
        @JsonPropertyDescription("The members, by ordinal.") List<MemberStatus> members) {

    public KeyDBStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        members = members == null ? List.of() : List.copyOf(members);
    }
}
