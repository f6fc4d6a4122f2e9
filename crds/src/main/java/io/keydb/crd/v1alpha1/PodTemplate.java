package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is added to the pods of the members, and where they run.
 *
 * <p>Threads: immutable, as long as nobody changes the fabric8 objects inside.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PodTemplate(
        @Size(max = 50)
                @ValidationRule(
                        value =
                                "self.all(k, !k.startsWith('keydb.io/') && !k.startsWith('app.kubernetes.io/'))",
                        message =
                                "podTemplate.labels must not start with keydb.io/ or app.kubernetes.io/, the operator sets those")
                @JsonPropertyDescription(
                        "Labels of the pods. A change restarts the members one after another.")
                Map<String, String> labels,
        @Size(max = 50)
                @ValidationRule(
                        value = "self.all(k, !k.startsWith('keydb.io/'))",
                        message =
                                "podTemplate.annotations must not start with keydb.io/, the operator sets those")
                @JsonPropertyDescription(
                        "Annotations of the pods. A change restarts the members one after another.")
                Map<String, String> annotations,
        @Size(max = 50)
                @JsonPropertyDescription(
                        "Labels a node must have to run a member. A change restarts the members one after another.")
                Map<String, String> nodeSelector,
        @Size(max = 50)
                @JsonPropertyDescription(
                        "Taints of nodes that the pods tolerate. A change restarts the members one after another.")
                List<Toleration> tolerations,
        @JsonPropertyDescription(
                        "Rules of where pods run. Default: members prefer different nodes. A change restarts the members one after another.")
                @Nullable Affinity affinity) {

    static final PodTemplate DEFAULT =
            new PodTemplate(Map.of(), Map.of(), Map.of(), List.of(), null);

    public PodTemplate {
        labels = labels == null ? Map.of() : Map.copyOf(labels);
        annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
        nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
        tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
    }
}
