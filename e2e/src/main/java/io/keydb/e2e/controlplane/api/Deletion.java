package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How objects go: at once, after their finalizers, after a pod's grace period, before or after
 * their dependents.
 *
 * <p>Threads: called under the store's lock.
 */
final class Deletion {

    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";

    private final ObjectStore store;
    private final ResourceKinds kinds;
    private final ServiceAddresses addresses;

    Deletion(ObjectStore store, ResourceKinds kinds, ServiceAddresses addresses) {
        this.store = store;
        this.kinds = kinds;
        this.addresses = addresses;
    }

    ObjectNode delete(ResourceKind kind, ObjectNode current, DeleteOptions options) {
        JsonNode metadata = current.path("metadata");
        ObjectStore.Key key =
                kind.key(Json.text(metadata, "namespace"), Json.text(metadata, "name"));
        checkPreconditions(kind, metadata, options);
        ObjectNode next = current.deepCopy();
        addFinalizer(next, options);
        long grace = gracePeriodSeconds(kind, next, options);
        boolean waits = hasFinalizers(next) || kind.equals(ResourceKinds.NAMESPACE);
        if (!waits && grace == 0) {
            return remove(kind, key);
        }
        ObjectNode target = Json.ensure(next, "metadata");
        boolean deleting = metadata.has("deletionTimestamp");
        long before = metadata.path("deletionGracePeriodSeconds").asLong(Long.MAX_VALUE);
        if (!deleting || grace < before) {
            Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(grace);
            target.put("deletionTimestamp", end.toString())
                    .put("deletionGracePeriodSeconds", grace);
            if (kind.equals(ResourceKinds.NAMESPACE)) {
                Json.ensure(next, "status").put("phase", "Terminating");
            }
        }
        if (completes(kind, next)) {
            return remove(kind, key);
        }
        return next.equals(current) ? current : store.put(key, next);
    }

    private static void checkPreconditions(
            ResourceKind kind, JsonNode metadata, DeleteOptions options) {
        String name = Json.text(metadata, "name");
        String uid = Json.text(metadata, "uid");
        if (!options.uid().isEmpty() && !options.uid().equals(uid)) {
            throw ApiException.conflict(
                    kind,
                    name,
                    "Precondition failed: UID in precondition: "
                            + options.uid()
                            + ", UID in object meta: "
                            + uid);
        }
        String version = Json.text(metadata, "resourceVersion");
        if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(version)) {
            throw ApiException.conflict(
                    kind,
                    name,
                    "Precondition failed: ResourceVersion in precondition: "
                            + options.resourceVersion()
                            + ", ResourceVersion in object meta: "
                            + version);
        }
    }

    private static void addFinalizer(ObjectNode object, DeleteOptions options) {
        String finalizer =
                switch (options.propagation()) {
                    case FOREGROUND -> FOREGROUND;
                    case ORPHAN -> ORPHAN;
                    case BACKGROUND -> "";
                };
        ObjectNode metadata = Json.ensure(object, "metadata");
        List<String> present = Json.texts(metadata.path("finalizers"));
        if (!finalizer.isEmpty() && !present.contains(finalizer)) {
            ArrayNode list = metadata.withArray("finalizers");
            list.add(finalizer);
        }
    }

    private static boolean hasFinalizers(JsonNode object) {
        return !Json.at(object, "metadata", "finalizers").isEmpty();
    }

    /** Only a pod that a kubelet has taken up has a grace period; everything else goes at once. */
    private static long gracePeriodSeconds(
            ResourceKind kind, JsonNode object, DeleteOptions options) {
        if (!kind.equals(ResourceKinds.POD) || Json.text(object, "spec", "nodeName").isEmpty()) {
            return 0;
        }
        return options.gracePeriodSeconds() >= 0
                ? options.gracePeriodSeconds()
                : Json.at(object, "spec", "terminationGracePeriodSeconds").asLong(30);
    }

    /** Whether nothing holds a deleted object back any more. */
    boolean completes(ResourceKind kind, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return metadata.has("deletionTimestamp")
                && !hasFinalizers(object)
                && metadata.path("deletionGracePeriodSeconds").asLong() == 0
                && !kind.equals(ResourceKinds.NAMESPACE);
    }

    /** Takes an object out of the store, with what the API itself keeps about it. */
    ObjectNode remove(ResourceKind kind, ObjectStore.Key key) {
        @Nullable ObjectNode last = store.remove(key);
        if (last == null) {
            throw ApiException.notFound(kind, key.name());
        }
        if (kind.equals(ResourceKinds.SERVICE)) {
            addresses.release(Json.text(last, "spec", "clusterIP"));
        }
        if (kind.equals(ResourceKinds.DEFINITION)) {
            removeInstances(last);
        }
        return last;
    }

    private void removeInstances(JsonNode definition) {
        String group = Json.text(definition, "spec", "group");
        String plural = Json.text(definition, "spec", "names", "plural");
        store.keys(key -> key.group().equals(group) && key.plural().equals(plural))
                .forEach(store::remove);
        kinds.replaceCustom(group, plural, List.of());
    }
}
