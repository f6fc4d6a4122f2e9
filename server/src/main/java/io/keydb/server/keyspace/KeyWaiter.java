package io.keydb.server.keyspace;

/**
 * Somebody who waits until a key holds something, or holds it no longer.
 *
 * <p>Threads: asked under the lock of the key's partition.
 */
public interface KeyWaiter {
    /** The type of value it waits for, as {@link io.keydb.server.structure.Record#type} says. */
    int type();

    /** Whether it also wants to know that the key is gone or holds another type now. */
    boolean wakesWithoutValue();
}
