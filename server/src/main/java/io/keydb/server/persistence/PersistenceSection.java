package io.keydb.server.persistence;

import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.command.Condition;
import io.keydb.server.command.Conditions;
import io.keydb.server.persistence.aof.AppendOnlyFile;
import io.keydb.server.support.Clock;
import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;
import java.util.Locale;

/**
 * INFO persistence: what is being loaded and written, and what the files on disk lack. What other
 * servers tell about pages copied after a fork, this one tells about old versions of records that a
 * snapshot still needs.
 *
 * <p>Threads: safe, because immutable.
 */
final class PersistenceSection implements ReportSection {
    static final Statistic LOADING =
            gauge("loading", "redis_loading_dump_file", "1 while the data set is being loaded.");
    static final Statistic KEYS_WRITTEN =
            gauge(
                    "current_save_keys_processed",
                    "redis_current_save_keys_processed",
                    "Keys written to the file that is being written.");
    static final Statistic CHANGES =
            gauge(
                    "rdb_changes_since_last_save",
                    "redis_rdb_changes_since_last_save",
                    "Changes of the data that no dump file holds.");
    static final Statistic SAVING =
            gauge(
                    "rdb_bgsave_in_progress",
                    "redis_rdb_bgsave_in_progress",
                    "1 while a dump file is being written, or all data are sent to a replica.");
    static final Statistic LAST_SAVE =
            gauge(
                    "rdb_last_save_time",
                    "redis_rdb_last_save_timestamp_seconds",
                    "Unix time of the last dump file, or of the start.");
    static final Statistic LAST_SAVE_SECONDS =
            gauge(
                    "rdb_last_bgsave_time_sec",
                    "redis_rdb_last_bgsave_duration_sec",
                    "Seconds that the last dump file took; -1 before there was one.");
    static final Statistic CURRENT_SAVE_SECONDS =
            gauge(
                    "rdb_current_bgsave_time_sec",
                    "redis_rdb_current_bgsave_duration_sec",
                    "Seconds since the present dump file was begun; -1 when there is none.");
    static final Statistic SAVES =
            gauge("rdb_saves", "redis_rdb_saves_total", "Dump files written since the start.");
    static final Statistic KEYS_LOADED =
            gauge(
                    "rdb_last_load_keys_loaded",
                    "redis_rdb_last_load_loaded_keys",
                    "Keys of the file that was loaded last.");

    static final Statistic KEYS_EXPIRED =
            gauge(
                    "rdb_last_load_keys_expired",
                    "redis_rdb_last_load_expired_keys",
                    "Keys of the file that was loaded last whose time had come.");
    static final Statistic ASYNC_LOADING =
            gauge(
                    "async_loading",
                    "redis_async_loading",
                    "1 while data is loaded beside the old one, which never happens.");
    static final Statistic LAST_COPIED =
            gauge(
                    "rdb_last_cow_size",
                    "redis_rdb_last_cow_size_bytes",
                    "Memory that old versions of changed keys took for the last snapshot.");
    static final Statistic LAST_SAVE_OK =
            gauge("", "redis_rdb_last_bgsave_status", "1 unless the last dump file failed.");

    private final Conditions conditions;
    private final Saves saves;
    private final AppendOnlyFile appendOnly;
    private final Clock clock;
    private final LoadProgress progress;
    private final SnapshotUse snapshots;

    PersistenceSection(
            SnapshotUse snapshots,
            Conditions conditions,
            Saves saves,
            AppendOnlyFile appendOnly,
            LoadProgress progress,
            Clock clock) {
        this.snapshots = snapshots;
        this.appendOnly = appendOnly;
        this.clock = clock;
        this.conditions = conditions;
        this.saves = saves;
        this.progress = progress;
    }

    @Override
    public String name() {
        return "persistence";
    }

    @Override
    public void report(Report report) {
        report.number(LOADING, conditions.holds(Condition.LOADING) ? 1 : 0);
        report.number(ASYNC_LOADING, 0);
        long total = saves.currentKeysTotal();
        String saved = Long.toString(snapshots.savedBytes());
        report.text("current_cow_peak", saved);
        report.text("current_cow_size", saved);
        report.text("current_cow_size_age", "0");
        report.text(
                "current_fork_perc",
                String.format(
                        Locale.ROOT,
                        "%.2f",
                        total == 0 ? 0.0 : 100.0 * saves.currentKeys() / total));
        report.number(KEYS_WRITTEN, saves.currentKeys());
        report.text("current_save_keys_total", Long.toString(total));
        report.number(CHANGES, saves.unsavedChanges());
        report.number(SAVING, saves.isRunning() || snapshots.isSent() ? 1 : 0);
        report.number(LAST_SAVE, saves.lastSaveMillis() / 1000);
        report.text("rdb_last_bgsave_status", saves.hasFailed() ? "err" : "ok");
        report.number(LAST_SAVE_OK, saves.hasFailed() ? 0 : 1);
        report.number(LAST_SAVE_SECONDS, saves.lastSeconds());
        report.number(CURRENT_SAVE_SECONDS, saves.currentSeconds());
        report.number(SAVES, saves.count());
        report.number(LAST_COPIED, snapshots.lastSavedBytes());
        report.number(KEYS_EXPIRED, progress.keysExpired());
        report.number(KEYS_LOADED, progress.keysLoaded());
        AofFigures.report(report, appendOnly.state());
        if (progress.isActive()) {
            reportLoading(report);
        }
    }

    private void reportLoading(Report report) {
        report.text("loading_start_time", Long.toString(progress.startMillis() / 1000));
        report.text("loading_total_bytes", Long.toString(progress.totalBytes()));
        report.text("loading_loaded_bytes", Long.toString(progress.readBytes()));
        report.text("loading_loaded_perc", String.format(Locale.ROOT, "%.2f", progress.percent()));
        report.text("loading_eta_seconds", Long.toString(progress.etaSeconds(clock.millis())));
    }
}
