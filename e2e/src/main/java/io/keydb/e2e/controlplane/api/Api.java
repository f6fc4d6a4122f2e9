package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import io.keydb.e2e.controlplane.merge.JsonMergePatch;
import io.keydb.e2e.controlplane.merge.JsonPatch;
import io.keydb.e2e.controlplane.merge.ManagedFields;
import io.keydb.e2e.controlplane.merge.ManagedFields.Operation;
import io.keydb.e2e.controlplane.merge.ManagedFields.Owner;
import io.keydb.e2e.controlplane.merge.MergeRefusal;
import io.keydb.e2e.controlplane.merge.ServerSideApply;
import io.keydb.e2e.controlplane.merge.Shape;
import io.keydb.e2e.controlplane.merge.StrategicMergePatch;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of the API: what a request does to the store.
 *
 * <pre>
 *   create ─┐
 *   replace ┼─ new version ─ system metadata ─ admission (prune, default, validate) ─ ownership ─ store
 *   patch  ─┘
 *   delete ── finalizers, grace period, propagation ── store
 * </pre>
 *
 * <p>Threads: safe; each write is one transaction of the store. Answers are the stored documents,
 * not to be changed.
 */
public final class Api {

    /** How a patch is to be read. */
    public enum PatchType {
        JSON,
        MERGE,
        STRATEGIC,
        APPLY
    }

    private final ObjectStore store;
    private final ResourceKinds kinds;
    private final Admission admission;
    private final Deletion deletion;

    public Api(ServiceAddresses addresses) {
        this.store = new ObjectStore();
        this.kinds = new ResourceKinds();
        this.admission = new Admission(store, addresses);
        this.deletion = new Deletion(store, kinds, addresses);
    }

    public ObjectStore store() {
        return store;
    }

    public ResourceKinds kinds() {
        return kinds;
    }

    /** An object; refused with 404 when there is none. */
    public ObjectNode get(ResourceKind kind, String namespace, String name) {
        ObjectNode found = find(kind, namespace, name);
        if (found == null) {
            throw ApiException.notFound(kind, name);
        }
        return found;
    }

    /** An object in the version asked for, or null. */
    public @Nullable ObjectNode find(ResourceKind kind, String namespace, String name) {
        ObjectNode found = store.get(kind.key(namespace, name));
        return found == null ? null : inVersion(kind, found);
    }

    /** The objects of a kind that a selector accepts; an empty namespace means all. */
    public List<ObjectNode> list(ResourceKind kind, String namespace, Selector selector) {
        return store.list(kind.group(), kind.plural(), kind.namespaced() ? namespace : "").stream()
                .filter(selector)
                .map(object -> inVersion(kind, object))
                .toList();
    }

    /** The object as one version of its kind shows it; versions differ in their name alone. */
    static ObjectNode inVersion(ResourceKind kind, ObjectNode object) {
        if (Json.text(object, "apiVersion").equals(kind.apiVersion())) {
            return object;
        }
        ObjectNode copy = object.deepCopy();
        copy.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
        return copy;
    }

    /** Creates an object. */
    public ObjectNode create(
            ResourceKind kind, String namespace, JsonNode body, WriteOptions options) {
        ObjectNode object = Admission.document(kind, body);
        return store.transaction(
                () -> {
                    admission.prepareNew(kind, namespace, object);
                    String name = Json.text(object, "metadata", "name");
                    ObjectStore.Key key = kind.key(namespace, name);
                    if (store.get(key) != null) {
                        throw ApiException.alreadyExists(kind, name);
                    }
                    admission.admit(kind, object, null, options);
                    own(kind, ManagedFields.of(Json.object()), Json.object(), object, options);
                    return options.dryRun() ? object : stored(kind, key, object);
                });
    }

    /** Replaces an object by a new version. */
    public ObjectNode replace(
            ResourceKind kind, String namespace, String name, JsonNode body, WriteOptions options) {
        ObjectNode object = Admission.document(kind, body);
        return update(kind, namespace, name, options, _ -> object);
    }

    /** Changes an object by a function from its present version to the next. */
    public ObjectNode update(
            ResourceKind kind,
            String namespace,
            String name,
            WriteOptions options,
            UnaryOperator<ObjectNode> change) {
        return store.transaction(
                () -> {
                    ObjectNode current = get(kind, namespace, name);
                    ObjectNode next = Json.copy(change.apply(current.deepCopy()));
                    admission.prepareUpdate(kind, next, current, options);
                    admission.admit(kind, next, current, options);
                    own(kind, ManagedFields.of(current), current, next, options);
                    return finish(kind, current, next, options);
                });
    }

    /** Patches an object; an apply creates it where it does not exist. */
    public ObjectNode patch(
            ResourceKind kind,
            String namespace,
            String name,
            PatchType type,
            JsonNode patch,
            WriteOptions options) {
        JsonNode body = Json.copy(patch);
        try {
            return switch (type) {
                case APPLY -> apply(kind, namespace, name, body, options);
                case JSON ->
                        update(
                                kind,
                                namespace,
                                name,
                                options,
                                old -> whole(JsonPatch.apply(old, body)));
                case MERGE ->
                        update(
                                kind,
                                namespace,
                                name,
                                options,
                                old -> whole(JsonMergePatch.apply(old, body)));
                case STRATEGIC -> {
                    if (kind.schema() != null) {
                        throw ApiException.unsupportedMediaType(
                                "application/strategic-merge-patch+json");
                    }
                    yield update(
                            kind,
                            namespace,
                            name,
                            options,
                            old -> whole(StrategicMergePatch.apply(old, body, kind.shape())));
                }
            };
        } catch (MergeRefusal e) {
            throw ApiException.unprocessable(e.reason());
        }
    }

    private static ObjectNode whole(JsonNode patched) {
        if (patched instanceof ObjectNode object) {
            return object;
        }
        throw ApiException.badRequest("the patch does not leave an object");
    }

    private ObjectNode apply(
            ResourceKind kind, String namespace, String name, JsonNode body, WriteOptions options) {
        ObjectNode applied = Admission.document(kind, body);
        if (applied.path("metadata").has("managedFields")) {
            throw ApiException.badRequest("metadata.managedFields must be nil");
        }
        if (options.statusOnly()) {
            applied.retain("apiVersion", "kind", "metadata", "status");
            Json.ensure(applied, "metadata").retain("name", "namespace", "uid", "resourceVersion");
        } else if (kind.status()) {
            applied.remove("status");
        }
        return store.transaction(
                () -> {
                    ObjectNode current = find(kind, namespace, name);
                    if (current == null && options.statusOnly()) {
                        throw ApiException.notFound(kind, name);
                    }
                    ObjectNode live = current == null ? Json.object() : current;
                    ObjectNode next;
                    try {
                        next =
                                ServerSideApply.apply(
                                        live,
                                        new ServerSideApply.Application(
                                                applied,
                                                owner(options, Operation.APPLY),
                                                options.force(),
                                                now()),
                                        kind.shape());
                    } catch (ServerSideApply.Conflicts e) {
                        throw ApiException.applyConflicts(e.conflicts());
                    }
                    return storeApplied(kind, kind.key(namespace, name), current, next, options);
                });
    }

    private ObjectNode storeApplied(
            ResourceKind kind,
            ObjectStore.Key key,
            @Nullable ObjectNode current,
            ObjectNode next,
            WriteOptions options) {
        if (current != null) {
            admission.prepareUpdate(kind, next, current, options);
            admission.admit(kind, next, current, options);
            ManagedFields.of(next).writeTo(next, kind.shape());
            return finish(kind, current, next, options);
        }
        JsonNode managed = Json.at(next, "metadata", "managedFields");
        Json.ensure(next, "metadata").put("name", key.name());
        admission.prepareNew(kind, key.namespace(), next);
        admission.admit(kind, next, null, options);
        Json.ensure(next, "metadata").set("managedFields", managed);
        return options.dryRun() ? next : stored(kind, key, next);
    }

    private static void own(
            ResourceKind kind,
            ManagedFields managed,
            ObjectNode before,
            ObjectNode after,
            WriteOptions options) {
        Shape shape = kind.shape();
        managed.recordUpdate(
                owner(options, Operation.UPDATE), kind.apiVersion(), before, after, shape, now());
        managed.writeTo(after, shape);
    }

    private static Owner owner(WriteOptions options, Operation operation) {
        return new Owner(options.manager(), operation, options.subresource());
    }

    /** Stores an update that changes something, and completes a deletion that waited for it. */
    private ObjectNode finish(
            ResourceKind kind, ObjectNode current, ObjectNode next, WriteOptions options) {
        if (options.dryRun() || next.equals(current)) {
            return next;
        }
        JsonNode metadata = next.path("metadata");
        ObjectStore.Key key =
                kind.key(Json.text(metadata, "namespace"), Json.text(metadata, "name"));
        if (deletion.completes(kind, next)) {
            deletion.remove(kind, key);
            return next;
        }
        return stored(kind, key, next);
    }

    private ObjectNode stored(ResourceKind kind, ObjectStore.Key key, ObjectNode object) {
        ObjectNode result = store.put(key, object);
        if (kind.equals(ResourceKinds.DEFINITION)) {
            CustomKinds.register(kinds, result);
        }
        return result;
    }

    /** Deletes an object; returns its last or its terminating state. */
    public ObjectNode delete(
            ResourceKind kind, String namespace, String name, DeleteOptions options) {
        return store.transaction(() -> deletion.delete(kind, get(kind, namespace, name), options));
    }

    /** The current time as metadata stamps it. */
    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
