package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * One value of a Secret in the namespace of the resource.
 *
 * <p>Threads: immutable.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SecretKeyReference(
        @Required
                @Size(min = 1, max = 253)
                @JsonPropertyDescription("Name of the Secret, in the same namespace.")
                String name,
        @Default("password")
                @Size(min = 1, max = 253)
                @JsonPropertyDescription("Key in the Secret. Default: password.")
                String key) {

    public SecretKeyReference {
        key = key == null ? "password" : key;
    }
}
