package io.keydb.server.keyspace;

/** Hears of keys that this node removed to make room for others. */
@FunctionalInterface
public interface EvictionListener {
    /**
     * Called with the key's partition locked, after the removal; the key's bytes are still
     * readable.
     */
    void evicted(Database database, Key key);
}
