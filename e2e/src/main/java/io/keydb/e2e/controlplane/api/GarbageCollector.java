package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Deletes what outlived its owners, completes foreground and orphaning deletions, and empties
 * deleted namespaces.
 *
 * <p>Every change of an object leads to one look at it: has it owners, and does any of them still
 * exist? Is it being deleted, and who depends on it? The looks run one after another behind the
 * store.
 *
 * <p>Threads: one of its own; started and closed by the composition root.
 */
public final class GarbageCollector implements AutoCloseable {

    private static final WriteOptions WRITER = WriteOptions.by("kube-controller-manager");
    private static final DeleteOptions CASCADE = DeleteOptions.DEFAULT;

    private final Api api;
    private final BlockingQueue<ObjectStore.Event> events = new LinkedBlockingQueue<>();
    private final ObjectStore.Subscription subscription;
    private final Thread thread;

    public GarbageCollector(Api api) {
        this.api = api;
        this.subscription = api.store().follow(_ -> true, events::add);
        this.thread = Thread.ofVirtual().name("garbage-collector").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                ObjectStore.Event event = events.take();
                try {
                    look(event);
                } catch (ApiException e) {
                    // The object changed or went between the event and the look; its next event
                    // brings it back.
                    if (e.code() != 404 && e.code() != 409) {
                        throw e;
                    }
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(ObjectStore.Event event) {
        if (event.change() == ObjectStore.Change.DELETED) {
            String uid = Json.text(event.object(), "metadata", "uid");
            for (ObjectStore.Key dependent : dependents(uid)) {
                collectIfOrphaned(dependent);
            }
            for (JsonNode owner : Json.at(event.object(), "metadata", "ownerReferences")) {
                ownerMayProceed(Json.text(owner, "uid"));
            }
            namespaceMayProceed(event.key().namespace());
            return;
        }
        collectIfOrphaned(event.key());
        ObjectNode current = api.store().get(event.key());
        if (current != null && current.path("metadata").has("deletionTimestamp")) {
            proceed(event.key(), current);
        }
    }

    private List<ObjectStore.Key> dependents(String uid) {
        return api.store()
                .keys(
                        key -> {
                            ObjectNode object = api.store().get(key);
                            return object != null && owners(object).contains(uid);
                        });
    }

    private static Set<String> owners(JsonNode object) {
        Set<String> uids = new HashSet<>();
        Json.at(object, "metadata", "ownerReferences")
                .forEach(owner -> uids.add(Json.text(owner, "uid")));
        return uids;
    }

    private Set<String> existing(Set<String> uids) {
        Set<String> found = new HashSet<>();
        api.store()
                .keys(
                        key -> {
                            ObjectNode object = api.store().get(key);
                            String uid = object == null ? "" : Json.text(object, "metadata", "uid");
                            if (uids.contains(uid)) {
                                found.add(uid);
                            }
                            return false;
                        });
        return found;
    }

    private void collectIfOrphaned(ObjectStore.Key key) {
        ObjectNode object = api.store().get(key);
        ResourceKind kind = api.kinds().anyOf(key.group(), key.plural());
        if (object == null || kind == null) {
            return;
        }
        Set<String> owners = owners(object);
        if (!owners.isEmpty()
                && existing(owners).isEmpty()
                && !object.path("metadata").has("deletionTimestamp")) {
            String uid = Json.text(object, "metadata", "uid");
            api.delete(
                    kind,
                    key.namespace(),
                    key.name(),
                    new DeleteOptions(CASCADE.propagation(), -1, uid, ""));
        }
    }

    /** Takes the next step in the deletion of an object that waits for its dependents. */
    private void proceed(ObjectStore.Key key, ObjectNode object) {
        ResourceKind kind = api.kinds().anyOf(key.group(), key.plural());
        List<String> finalizers = Json.texts(Json.at(object, "metadata", "finalizers"));
        String uid = Json.text(object, "metadata", "uid");
        if (kind == null) {
            return;
        }
        if (kind.equals(ResourceKinds.NAMESPACE)) {
            emptyNamespace(key.name());
            namespaceMayProceed(key.name());
        } else if (finalizers.contains(Deletion.ORPHAN)) {
            dependents(uid).forEach(dependent -> disown(dependent, uid));
            removeFinalizer(kind, key, Deletion.ORPHAN);
        } else if (finalizers.contains(Deletion.FOREGROUND)) {
            boolean blocked = false;
            for (ObjectStore.Key dependent : dependents(uid)) {
                blocked |= deleteDependent(dependent, uid);
            }
            if (!blocked) {
                removeFinalizer(kind, key, Deletion.FOREGROUND);
            }
        }
    }

    /**
     * Deletes a dependent of an object that goes in the foreground; true when the owner must wait
     * for it.
     */
    private boolean deleteDependent(ObjectStore.Key key, String uid) {
        ObjectNode object = api.store().get(key);
        ResourceKind kind = api.kinds().anyOf(key.group(), key.plural());
        if (object == null || kind == null) {
            return false;
        }
        if (!object.path("metadata").has("deletionTimestamp")) {
            api.delete(
                    kind,
                    key.namespace(),
                    key.name(),
                    new DeleteOptions(DeleteOptions.Propagation.FOREGROUND, -1, "", ""));
        }
        for (JsonNode owner : Json.at(object, "metadata", "ownerReferences")) {
            if (Json.text(owner, "uid").equals(uid)
                    && owner.path("blockOwnerDeletion").asBoolean()) {
                return api.store().get(key) != null;
            }
        }
        return false;
    }

    private void ownerMayProceed(String uid) {
        for (ObjectStore.Key key :
                api.store()
                        .keys(
                                key -> {
                                    ObjectNode object = api.store().get(key);
                                    return object != null
                                            && Json.text(object, "metadata", "uid").equals(uid);
                                })) {
            ObjectNode owner = api.store().get(key);
            if (owner != null && owner.path("metadata").has("deletionTimestamp")) {
                proceed(key, owner);
            }
        }
    }

    private void disown(ObjectStore.Key key, String uid) {
        ResourceKind kind = api.kinds().anyOf(key.group(), key.plural());
        if (kind != null) {
            api.update(
                    kind,
                    key.namespace(),
                    key.name(),
                    WRITER,
                    object -> {
                        ArrayNode owners =
                                Json.ensure(object, "metadata").withArray("ownerReferences");
                        owners.removeIf(owner -> Json.text(owner, "uid").equals(uid));
                        return object;
                    });
        }
    }

    private void removeFinalizer(ResourceKind kind, ObjectStore.Key key, String finalizer) {
        api.update(
                kind,
                key.namespace(),
                key.name(),
                WRITER,
                object -> {
                    Json.ensure(object, "metadata")
                            .withArray("finalizers")
                            .removeIf(item -> item.asText().equals(finalizer));
                    return object;
                });
    }

    private void emptyNamespace(String namespace) {
        List<ObjectStore.Key> content =
                new ArrayList<>(api.store().keys(key -> key.namespace().equals(namespace)));
        for (ObjectStore.Key key : content) {
            ResourceKind kind = api.kinds().anyOf(key.group(), key.plural());
            ObjectNode object = api.store().get(key);
            if (kind != null
                    && object != null
                    && !object.path("metadata").has("deletionTimestamp")) {
                api.delete(kind, namespace, key.name(), CASCADE);
            }
        }
    }

    private void namespaceMayProceed(String namespace) {
        ObjectStore.Key key = ResourceKinds.NAMESPACE.key("", namespace);
        ObjectNode home = namespace.isEmpty() ? null : api.store().get(key);
        if (home != null
                && home.path("metadata").has("deletionTimestamp")
                && api.store().keys(other -> other.namespace().equals(namespace)).isEmpty()) {
            api.store().remove(key);
        }
    }

    @Override
    public void close() {
        subscription.close();
        thread.interrupt();
    }
}
