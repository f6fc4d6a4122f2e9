package io.keydb.server.persistence.aof;

/**
 * What there is to tell of the append-only file at one moment.
 *
 * <p>Threads: immutable.
 *
 * @param waitingBytes what the log has and the file lacks
 * @param isSyncing whether the file is being brought to the disk
 */
public record AofState(
        boolean isOn,
        boolean isRewriting,
        boolean isRewriteScheduled,
        long lastRewriteSeconds,
        long currentRewriteSeconds,
        boolean hasRewriteFailed,
        long rewrites,
        int rewriteFailuresInARow,
        boolean hasWriteFailed,
        long bytes,
        long baseBytes,
        long waitingBytes,
        boolean isSyncing,
        long delayedSyncs) {}
