package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * The password clients and members log in with.
 *
 * <p>Threads: immutable.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.enabled == oldSelf.enabled",
        message = "auth.enabled cannot be changed after creation",
        fieldPath = ".enabled")
@ValidationRule(
        value = "self.enabled || !has(self.passwordSecretRef)",
        message = "auth.passwordSecretRef needs auth.enabled",
        fieldPath = ".passwordSecretRef")
public record Auth(
        @Default("true")
                @JsonPropertyDescription(
                        "Whether a password is asked for. It is in the Secret <name>-auth, key password. Cannot be changed.")
                Boolean enabled,
        @JsonPropertyDescription(
                        "Where to take the password from, instead of generating one. A change of the reference or of the Secret is given to the running"
                                + " members, and restarts nothing.")
                @Nullable SecretKeyReference passwordSecretRef) {

    static final Auth DEFAULT = new Auth(true, null);

    public Auth {
        enabled = enabled == null || enabled;
    }
}
