package io.keydb.server.observability;

import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.command.Condition;
import io.keydb.server.command.Conditions;
import io.keydb.server.command.Statistics;
import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;

/**
 * INFO persistence: whether data is being loaded, and what has changed since the start.
 *
 * <p>Threads: safe, because immutable.
 */
public final class PersistenceSection implements ReportSection {
    static final Statistic LOADING =
            gauge("loading", "redis_loading_dump_file", "1 while the data set is being loaded.");
    static final Statistic CHANGES =
            gauge(
                    "rdb_changes_since_last_save",
                    "redis_rdb_changes_since_last_save",
                    "Changes of the data that no dump file holds.");
    static final Statistic LAST_SAVE =
            gauge(
                    "rdb_last_save_time",
                    "redis_rdb_last_save_timestamp_seconds",
                    "Unix time of the last dump file, or of the start.");

    private final Conditions conditions;
    private final Statistics statistics;
    private final long startMillis;

    public PersistenceSection(Conditions conditions, Statistics statistics, long startMillis) {
        this.conditions = conditions;
        this.statistics = statistics;
        this.startMillis = startMillis;
    }

    @Override
    public String name() {
        return "persistence";
    }

    @Override
    public void report(Report report) {
        report.number(LOADING, conditions.holds(Condition.LOADING) ? 1 : 0);
        report.number(CHANGES, statistics.changes());
        report.text("rdb_bgsave_in_progress", "0");
        report.number(LAST_SAVE, startMillis / 1000);
        report.text("aof_enabled", "0");
    }
}
