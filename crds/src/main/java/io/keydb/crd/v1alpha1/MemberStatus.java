package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One member as it was last seen.
 *
 * <p>Threads: immutable.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MemberStatus(
        @JsonPropertyDescription("Name of the member.") String name,
        @JsonPropertyDescription("Its number, from 0.") int ordinal,
        @JsonPropertyDescription("Name of its pod.") String podName,
        @JsonPropertyDescription("Node its pod runs on.") @Nullable String node,
        @JsonPropertyDescription("Persistent id of the server.") @Nullable String nodeId,
        @JsonPropertyDescription(
                        "Pending, Starting, Joining, Serving, Leaving, Updating or Failed.")
                String state,
        @JsonPropertyDescription("Whether its pod is ready.") boolean ready,
        @JsonPropertyDescription("Whether <name>-any leads to it.") boolean serving,
        @JsonPropertyDescription("Whether <name>-rw leads to it.") boolean writes,
        @JsonPropertyDescription("Container restarts of its pod.") int restarts,
        @JsonPropertyDescription("From whom it receives writes.") List<LinkStatus> links) {

    public MemberStatus {
        links = links == null ? List.of() : List.copyOf(links);
    }
}
