package io.keydb.server.persistence;

/**
 * What is done with snapshots of the data, besides writing files.
 *
 * <p>Threads: safe.
 */
public interface SnapshotUse {
    /** Whether one is being sent to a replica. */
    boolean isSent();

    /** Bytes that old versions of changed records take for snapshots, now. */
    long savedBytes();

    /** The same for the last snapshot that has ended, at its end. */
    long lastSavedBytes();
}
