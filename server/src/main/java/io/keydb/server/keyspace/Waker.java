package io.keydb.server.keyspace;

/** Who serves those that wait for keys. */
@FunctionalInterface
public interface Waker {
    /**
     * Keys for which somebody waits were touched, and the locks of these partitions are about to be
     * released. Called under the locks, on the thread that touched the keys, when all else that it
     * did under them is done. Must not throw.
     */
    void wake(long partitionSet);
}
