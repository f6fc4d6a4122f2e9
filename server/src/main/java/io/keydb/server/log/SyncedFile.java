package io.keydb.server.log;

/**
 * How much of the log is safe on a disk of this node, for those who wait for that or tell others.
 *
 * <p>Threads: safe.
 */
public interface SyncedFile {
    /** Whether there is such a file. */
    boolean isOn();

    /** Number of entries of the log that are on the disk; -1 when that says nothing. */
    long syncedPosition();

    /** The plain offset behind them; -1 when that says nothing. */
    long syncedOffset();

    /** No file. */
    SyncedFile NONE =
            new SyncedFile() {
                @Override
                public boolean isOn() {
                    return false;
                }

                @Override
                public long syncedPosition() {
                    return -1;
                }

                @Override
                public long syncedOffset() {
                    return -1;
                }
            };
}
