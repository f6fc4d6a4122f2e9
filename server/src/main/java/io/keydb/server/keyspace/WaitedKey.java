package io.keydb.server.keyspace;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import org.jspecify.annotations.Nullable;

/**
 * A key for which somebody waits, and the queue of those who do, in order of arrival.
 *
 * <p>Threads: confined to the lock of the key's partition.
 */
public final class WaitedKey {
    private final WaitedKeys owner;
    private final Database database;
    private final Key key = new Key();
    private final int bytes;
    private @Nullable KeyWait first;
    private @Nullable KeyWait last;
    private int wakingWithoutValue;
    private boolean isReady;

    /** The next one of the same bucket. */
    @Nullable WaitedKey nextInBucket;

    WaitedKey(WaitedKeys owner, Database database, Key original) {
        this.owner = owner;
        this.database = database;
        bytes = Math.max(1, original.length());
        long copy = NativeHeap.allocate(bytes);
        Memory.copy(original.address(), copy, original.length());
        key.set(copy, original.length());
    }

    public Database database() {
        return database;
    }

    /** The key; valid while anybody waits for it. */
    public Key key() {
        return key;
    }

    /** Who came first, or null when nobody waits any longer. */
    public @Nullable KeyWait first() {
        return first;
    }

    /** Whether anybody wants to know that the key is gone. */
    public boolean isWokenWithoutValue() {
        return wakingWithoutValue > 0;
    }

    /** Calls for its waiters being served before the lock of its partition is released. */
    public void ready() {
        if (!isReady) {
            isReady = true;
            owner.ready(this);
        }
    }

    boolean isReady() {
        return isReady;
    }

    void notReady() {
        isReady = false;
    }

    boolean is(Database otherDatabase, Key other) {
        return database == otherDatabase && key.sameAs(other);
    }

    KeyWait add(KeyWaiter waiter) {
        KeyWait wait = new KeyWait(this, waiter);
        wait.previous = last;
        if (last == null) {
            first = wait;
        } else {
            last.next = wait;
        }
        last = wait;
        if (waiter.wakesWithoutValue() && wakingWithoutValue++ == 0) {
            owner.countWithoutValue(1);
        }
        return wait;
    }

    void remove(KeyWait wait) {
        KeyWait before = wait.previous;
        KeyWait after = wait.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        if (wait.waiter().wakesWithoutValue() && --wakingWithoutValue == 0) {
            owner.countWithoutValue(-1);
        }
        if (first == null) {
            owner.remove(this);
        }
    }

    void free() {
        NativeHeap.free(key.address(), bytes);
    }
}
