package io.keydb.server.keyspace;

import org.jspecify.annotations.Nullable;

/**
 * One waiter in the queue of one key; a link of a doubly linked list.
 *
 * <p>Threads: confined to the lock of the key's partition.
 */
public final class KeyWait {
    private final WaitedKey key;
    private final KeyWaiter waiter;
    @Nullable KeyWait previous;
    @Nullable KeyWait next;

    KeyWait(WaitedKey key, KeyWaiter waiter) {
        this.key = key;
        this.waiter = waiter;
    }

    public KeyWaiter waiter() {
        return waiter;
    }

    /** Who came next, or null. */
    public @Nullable KeyWait next() {
        return next;
    }

    /** Leaves the queue; once. */
    public void end() {
        key.remove(this);
    }
}
