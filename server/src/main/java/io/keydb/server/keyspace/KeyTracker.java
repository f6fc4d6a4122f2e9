package io.keydb.server.keyspace;

/** Hears of every change of a key, for those who keep copies of values elsewhere. */
public interface KeyTracker {
    /** A key of any database is about to change. Its partition is locked. */
    void changing(Partition partition, Key key);

    /** All keys may have changed. All partitions are locked. */
    void allChanging();
}
