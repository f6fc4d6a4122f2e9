package io.keydb.server.keyspace;

/** What a node does with a key whose time has come. */
public enum ExpiryMode {
    /** A primary removes it and tells its replicas. */
    REMOVE,
    /**
     * An active node removes it and keeps its stamp as a tombstone; every node does so by itself.
     */
    REMOVE_AND_BURY,
    /** A replica hides it and waits for its primary's word. */
    HIDE
}
