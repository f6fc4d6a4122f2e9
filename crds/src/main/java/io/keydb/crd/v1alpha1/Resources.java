package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/**
 * CPU and memory of each member.
 *
 * <p>Threads: immutable.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Resources(
        @JsonPropertyDescription(
                        "What the scheduler sets aside, for example {cpu: 500m, memory: 1Gi}.")
                Map<String, Quantity> requests,
        @JsonPropertyDescription("What the member may use at most, for example {memory: 1Gi}.")
                Map<String, Quantity> limits) {

    public Resources {
        requests = requests == null ? Map.of() : Map.copyOf(requests);
        limits = limits == null ? Map.of() : Map.copyOf(limits);
    }
}
