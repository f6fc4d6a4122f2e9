package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import java.util.Map;

/**
 * What the user chooses of one service.
 *
 * <p>Threads: immutable.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ServiceTemplate(
        @Default("ClusterIP")
                @JsonPropertyDescription(
                        "From where the service can be reached: ClusterIP, NodePort or LoadBalancer. A change restarts nothing.")
                ServiceType type,
        @Size(max = 50)
                @JsonPropertyDescription(
                        "Annotations of the service, for example for a load balancer. A change restarts nothing.")
                Map<String, String> annotations) {

    static final ServiceTemplate DEFAULT = new ServiceTemplate(ServiceType.CLUSTER_IP, Map.of());

    public ServiceTemplate {
        type = type == null ? ServiceType.CLUSTER_IP : type;
        annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
    }
}
