package io.keydb.server.cron;

/** Port to the question which node runs a job. */
@FunctionalInterface
public interface JobOwner {
    /**
     * Whether this node runs jobs that were last changed by that origin. Called under the lock of a
     * key: must not wait.
     */
    boolean runsJobsOf(int origin);
}
