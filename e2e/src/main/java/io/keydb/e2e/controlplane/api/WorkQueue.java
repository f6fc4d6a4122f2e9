package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * A queue of objects to look at, fed by changes in the store and worked off one at a time: what
 * every controller of the control plane runs on.
 *
 * <p>An object waits at most once. A look that ends in a conflict is repeated.
 *
 * <p>Threads: one of its own runs the looks; additions come from any thread and never block on a
 * look.
 */
public final class WorkQueue implements AutoCloseable {

    private static final Logger LOG = System.getLogger(WorkQueue.class.getName());

    private final String name;
    private final ObjectStore store;
    private final Consumer<ObjectStore.Key> look;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Set<ObjectStore.Key> waiting = new LinkedHashSet<>();
    private final List<ObjectStore.Subscription> subscriptions = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    public WorkQueue(String name, ObjectStore store, Consumer<ObjectStore.Key> look) {
        this.name = name;
        this.store = store;
        this.look = look;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /**
     * Adds what changes of a kind's objects concern; starts the queue.
     *
     * @param concerned the objects to look at when an object changes; asked with the object before
     *     and after the change
     */
    public void follow(
            ResourceKind kind,
            BiFunction<ObjectStore.Key, JsonNode, List<ObjectStore.Key>> concerned) {
        subscriptions.add(
                store.follow(
                        key ->
                                key.group().equals(kind.group())
                                        && key.plural().equals(kind.plural()),
                        event -> {
                            concerned.apply(event.key(), event.object()).forEach(this::add);
                            if (event.previous() != null) {
                                concerned.apply(event.key(), event.previous()).forEach(this::add);
                            }
                        }));
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    /** Asks for a look at an object. */
    public void add(ObjectStore.Key key) {
        lock.lock();
        try {
            waiting.add(key);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    private ObjectStore.Key take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty()) {
                arrived.await();
            }
            ObjectStore.Key first = waiting.iterator().next();
            waiting.remove(first);
            return first;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (!closed) {
                ObjectStore.Key key = take();
                try {
                    look.accept(key);
                } catch (ApiException e) {
                    if (e.code() == 409) {
                        add(key);
                    } else {
                        LOG.log(
                                Level.WARNING,
                                () -> name + ": " + key.path() + ": " + e.getMessage());
                    }
                } catch (RuntimeException e) {
                    LOG.log(Level.ERROR, () -> name + ": " + key.path() + " failed", e);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        subscriptions.forEach(ObjectStore.Subscription::close);
        thread.interrupt();
    }
}
