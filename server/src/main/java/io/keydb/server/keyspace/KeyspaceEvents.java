package io.keydb.server.keyspace;

import java.util.Set;

/**
 * Where it is told what happens to keys, for those who want to know. While nobody does, telling
 * costs one look at a mask.
 *
 * <p>Threads: safe. An event is told under the lock of its key, so the events of a key come in
 * their order.
 */
public final class KeyspaceEvents {
    /** Is told of events. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Something happened to a key. Called under its lock: must not wait, and copies what it
         * keeps.
         */
        void happened(String event, Database database, Key key);
    }

    private volatile int wanted;
    private volatile Listener listener = (event, database, key) -> {};

    /** From now on the listener is told of events of these classes. */
    public void listen(Set<EventClass> classes, Listener newListener) {
        int mask = 0;
        for (EventClass one : classes) {
            mask |= one.bit();
        }
        listener = newListener;
        wanted = mask;
    }

    /** Whether anybody wants to know of such events. */
    public boolean isWanted(EventClass of) {
        return (wanted & of.bit()) != 0;
    }

    /** Tells who wants to know. */
    public void tell(EventClass of, String event, Database database, Key key) {
        if ((wanted & of.bit()) != 0) {
            listener.happened(event, database, key);
        }
    }
}
