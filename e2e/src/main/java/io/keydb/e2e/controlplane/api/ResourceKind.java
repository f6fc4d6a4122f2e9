package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.e2e.controlplane.merge.BuiltinShape;
import io.keydb.e2e.controlplane.merge.Shape;
import io.keydb.e2e.controlplane.schema.CustomSchema;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A type of object the API serves.
 *
 * <p>Threads: immutable.
 *
 * @param group API group, empty for the core group
 * @param version API version
 * @param names what the kind is called
 * @param namespaced whether objects live in namespaces
 * @param status whether status is a subresource of its own
 * @param scale where the scale subresource reads and writes, or null without one
 * @param schema the schema of a custom kind, or null for Kubernetes' own
 */
public record ResourceKind(
        String group,
        String version,
        Names names,
        boolean namespaced,
        boolean status,
        @Nullable JsonNode scale,
        @Nullable CustomSchema schema) {

    /**
     * What a kind is called: {@code StatefulSet}, {@code statefulsets}, {@code statefulset}, {@code
     * sts}.
     */
    public record Names(String kind, String plural, String singular, List<String> shortNames) {

        static Names of(String kind, String plural, String... shortNames) {
            return new Names(kind, plural, kind.toLowerCase(Locale.ROOT), List.of(shortNames));
        }
    }

    public String kind() {
        return names.kind();
    }

    public String plural() {
        return names.plural();
    }

    /** {@code v1} or {@code apps/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** The name messages use: {@code pods} or {@code keydbs.keydb.io}. */
    public String qualifiedPlural() {
        return group.isEmpty() ? plural() : plural() + "." + group;
    }

    /** The name validation messages use: {@code Pod} or {@code KeyDB.keydb.io}. */
    public String qualifiedKind() {
        return group.isEmpty() ? kind() : kind() + "." + group;
    }

    /** How objects of this kind merge. */
    public Shape shape() {
        return schema == null ? BuiltinShape.of(kind()) : schema.shape();
    }

    /** The key of an object of this kind. */
    public ObjectStore.Key key(String namespace, String name) {
        return new ObjectStore.Key(group, plural(), namespaced ? namespace : "", name);
    }
}
