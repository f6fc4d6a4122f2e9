package io.keydb.server.keyspace;

/** Somebody who wants to know that a key has changed since it was watched. */
public interface Watcher {
    /** Called with the key's partition locked, on the thread that changes it. */
    void invalidated();
}
