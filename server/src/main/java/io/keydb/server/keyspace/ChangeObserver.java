package io.keydb.server.keyspace;

/** Sees every change of the keyspace just before it happens; how snapshots save old versions. */
public interface ChangeObserver {
    /**
     * The record of {@code key} is about to change, move or vanish. Called with the key's partition
     * locked.
     *
     * @param record the record as it is now, or 0 when the key is about to be inserted
     */
    void beforeChange(int database, Key key, long record);

    /**
     * All records of a database are about to vanish or to change their database. Called with every
     * partition locked.
     */
    void beforeClear(int database);
}
