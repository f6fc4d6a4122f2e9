package io.keydb.server.keyspace;

/** Port to who runs jobs, see {@link io.keydb.server.value.cron.CronJob}. */
@FunctionalInterface
public interface DueJobs {
    /** A job is due. Called under the lock of its key: must not wait, and copies what it keeps. */
    void due(Database database, Key key, long record);
}
