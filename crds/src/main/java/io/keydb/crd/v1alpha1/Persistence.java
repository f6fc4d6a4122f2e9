package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Where the members keep their data.
 *
 * <p>Threads: immutable.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.type == oldSelf.type",
        message = "persistence.type cannot be changed after creation",
        fieldPath = ".type")
@ValidationRule(
        value = "self.size == oldSelf.size",
        message = "persistence.size cannot be changed after creation",
        fieldPath = ".size")
@ValidationRule(
        value =
                "has(self.storageClassName) == has(oldSelf.storageClassName) && (!has(self.storageClassName) || self.storageClassName =="
                        + " oldSelf.storageClassName)",
        message = "persistence.storageClassName cannot be changed after creation")
public record Persistence(
        @Default("Persistent")
                @JsonPropertyDescription(
                        "Persistent: each member has a volume. Ephemeral: the data go with the pod. Cannot be changed.")
                PersistenceType type,
        @Default("1Gi")
                @Size(max = 32)
                @Pattern("^[1-9][0-9]*(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$")
                @JsonPropertyDescription("Size of the volume of each member. Cannot be changed.")
                String size,
        @Size(min = 1, max = 253)
                @JsonPropertyDescription(
                        "Storage class of the volumes. Default: that of the cluster. Cannot be changed.")
                @Nullable String storageClassName,
        @Default("{}") @JsonPropertyDescription("What happens to volumes that are no longer used.")
                Reclaim reclaim) {

    static final Persistence DEFAULT =
            new Persistence(PersistenceType.PERSISTENT, "1Gi", null, Reclaim.DEFAULT);

    public Persistence {
        type = type == null ? PersistenceType.PERSISTENT : type;
        size = size == null ? "1Gi" : size;
        reclaim = reclaim == null ? Reclaim.DEFAULT : reclaim;
    }
}
