package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All objects of the cluster, in one order of changes.
 *
 * <p>Every change gets the next revision, is kept in a bounded history so that watches can resume,
 * and is handed to the subscribers before the next change happens: all see the same order. Stored
 * documents are never changed in place.
 *
 * <p>Threads: one lock; a transaction holds it. Subscribers run under it and must only hand the
 * event on.
 */
public final class ObjectStore {

    /** How far back a watch can resume. */
    private static final int HISTORY = 20_000;

    /** Where an object is; the namespace is empty for cluster-wide kinds. */
    public record Key(String group, String plural, String namespace, String name)
            implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::group)
                        .thenComparing(Key::plural)
                        .thenComparing(Key::namespace)
                        .thenComparing(Key::name);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }

        /** {@code namespace/name}, or the name alone. */
        public String path() {
            return namespace.isEmpty() ? name : namespace + "/" + name;
        }
    }

    /** What happened to an object. */
    public enum Change {
        ADDED,
        MODIFIED,
        DELETED
    }

    /**
     * One change.
     *
     * @param change what happened
     * @param key which object
     * @param object the object after the change; for a deletion its last state with the revision of
     *     the deletion
     * @param previous the object before, or null for a new one
     * @param revision position in the order of changes
     */
    public record Event(
            Change change,
            Key key,
            ObjectNode object,
            @Nullable ObjectNode previous,
            long revision) {}

    /** The history no longer reaches back to the revision asked for. */
    public static final class Expired extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Ends a subscription. */
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    private record Subscriber(Predicate<Key> filter, Consumer<Event> consumer) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final NavigableMap<Key, ObjectNode> objects = new TreeMap<>();
    private final ArrayDeque<Event> history = new ArrayDeque<>();
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private long revision = 1;

    /** Runs something under the lock: reads and writes in it are one step to everyone else. */
    public <T> T transaction(Supplier<T> body) {
        lock.lock();
        try {
            return body.get();
        } finally {
            lock.unlock();
        }
    }

    /** The revision of the last change. */
    public long revision() {
        return transaction(() -> revision);
    }

    /** An object, or null; the caller must not change it. */
    public @Nullable ObjectNode get(Key key) {
        return transaction(() -> objects.get(key));
    }

    /** All objects of a collection in name order; an empty namespace means all namespaces. */
    public List<ObjectNode> list(String group, String plural, String namespace) {
        return transaction(
                () -> {
                    List<ObjectNode> found = new ArrayList<>();
                    Key from = new Key(group, plural, namespace, "");
                    for (var entry : objects.tailMap(from, true).entrySet()) {
                        Key key = entry.getKey();
                        boolean inside = key.group().equals(group) && key.plural().equals(plural);
                        if (!inside
                                || (!namespace.isEmpty() && !key.namespace().equals(namespace))) {
                            break;
                        }
                        found.add(entry.getValue());
                    }
                    return found;
                });
    }

    /** The keys of all objects a predicate accepts. */
    public List<Key> keys(Predicate<Key> filter) {
        return transaction(() -> objects.keySet().stream().filter(filter).toList());
    }

    /** Stores a new or changed object, which becomes the store's own, under the next revision. */
    public ObjectNode put(Key key, ObjectNode object) {
        return transaction(
                () -> {
                    stamp(object);
                    ObjectNode previous = objects.put(key, object);
                    Change change = previous == null ? Change.ADDED : Change.MODIFIED;
                    publish(new Event(change, key, object, previous, revision));
                    return object;
                });
    }

    /** Removes an object; returns its last state, or null when there was none. */
    public @Nullable ObjectNode remove(Key key) {
        return transaction(
                () -> {
                    ObjectNode previous = objects.remove(key);
                    if (previous == null) {
                        return null;
                    }
                    ObjectNode last = previous.deepCopy();
                    stamp(last);
                    publish(new Event(Change.DELETED, key, last, previous, revision));
                    return last;
                });
    }

    private void stamp(ObjectNode object) {
        revision++;
        Json.ensure(object, "metadata").put("resourceVersion", Long.toString(revision));
    }

    private void publish(Event event) {
        history.add(event);
        if (history.size() > HISTORY) {
            history.remove();
        }
        for (Subscriber subscriber : subscribers) {
            if (subscriber.filter().test(event.key())) {
                subscriber.consumer().accept(event);
            }
        }
    }

    /**
     * Hands all changes after a revision to a consumer, then every further one as it happens.
     *
     * @throws Expired when the history does not reach back that far
     */
    public Subscription subscribe(Predicate<Key> filter, long after, Consumer<Event> consumer) {
        Subscriber subscriber = new Subscriber(filter, consumer);
        return transaction(
                () -> {
                    Event oldest = history.peek();
                    if (after < revision && oldest != null && after < oldest.revision() - 1) {
                        throw new Expired();
                    }
                    history.stream()
                            .filter(event -> event.revision() > after && filter.test(event.key()))
                            .forEach(consumer);
                    subscribers.add(subscriber);
                    return () -> subscribers.remove(subscriber);
                });
    }

    /** Hands all present objects as additions to a consumer, then every change as it happens. */
    public Subscription follow(Predicate<Key> filter, Consumer<Event> consumer) {
        return transaction(
                () -> {
                    objects.forEach(
                            (key, object) -> {
                                if (filter.test(key)) {
                                    consumer.accept(
                                            new Event(Change.ADDED, key, object, null, revision));
                                }
                            });
                    return subscribe(filter, revision, consumer);
                });
    }
}
