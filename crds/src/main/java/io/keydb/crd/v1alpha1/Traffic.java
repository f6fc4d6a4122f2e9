package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Which members take writes.
 *
 * <p>Threads: immutable.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.preferredMember) || self.writePolicy == 'Preferred'",
        message = "traffic.preferredMember needs writePolicy Preferred",
        fieldPath = ".preferredMember")
public record Traffic(
        @Default("Preferred")
                @JsonPropertyDescription(
                        "Preferred: the service <name>-rw leads to one member, and to another one the moment that one is not ready. Any: it leads to every"
                                + " serving member. A change moves traffic, and restarts nothing.")
                WritePolicy writePolicy,
        @Min(0)
                @Max(8)
                @JsonPropertyDescription(
                        "Ordinal of the member that takes the writes whenever it serves. Without it they stay where they are until that member fails. A change"
                                + " moves traffic, and restarts nothing.")
                @Nullable Integer preferredMember) {

    static final Traffic DEFAULT = new Traffic(WritePolicy.PREFERRED, null);

    public Traffic {
        writePolicy = writePolicy == null ? WritePolicy.PREFERRED : writePolicy;
    }
}
