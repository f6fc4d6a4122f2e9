package io.keydb.server.command;

import io.keydb.server.keyspace.eviction.Eviction.Outcome;

/** Port to {@code maxmemory}: makes room for what is about to be stored. */
public interface MemoryLimit {
    /**
     * Sees to it that so many bytes more find room. Called before every command that may need
     * memory, without any lock; must be cheap when there is room.
     *
     * @param patiently whether the caller may wait as long as it takes
     */
    Outcome makeRoom(long bytes, boolean patiently);

    /** Whether more is in use than there may be and nothing can be evicted. Evicts nothing. */
    default boolean isExceeded() {
        return makeRoom(0, false) == Outcome.NONE;
    }

    /** No limit. */
    static MemoryLimit none() {
        return (bytes, patiently) -> Outcome.ROOM;
    }
}
