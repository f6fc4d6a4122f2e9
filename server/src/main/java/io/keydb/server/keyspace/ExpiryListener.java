package io.keydb.server.keyspace;

/** Hears of keys that this node removed because their time had come. */
public interface ExpiryListener {
    /**
     * Called with the key's partition locked, after the removal; the key's bytes are still
     * readable.
     */
    void expired(Database database, Key key);

    /**
     * Called with the key's partition locked, before the removal of one member of a collection.
     *
     * @param removal the command that removes members of such a collection
     */
    default void memberExpired(Entry entry, byte[] removal, long address, int length) {}
}
