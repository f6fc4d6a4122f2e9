package io.keydb.server.persistence;

import static io.keydb.server.support.Statistic.counter;
import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.persistence.aof.AofState;
import io.keydb.server.support.Report;
import io.keydb.server.support.Statistic;

/**
 * What INFO persistence tells of the append-only file. Nothing is ever copied on write, so the
 * field about that stays zero.
 *
 * <p>Threads: immutable.
 */
final class AofFigures {
    static final Statistic ENABLED =
            gauge("aof_enabled", "redis_aof_enabled", "1 while there is an append-only file.");
    static final Statistic REWRITE_IN_PROGRESS =
            gauge(
                    "aof_rewrite_in_progress",
                    "redis_aof_rewrite_in_progress",
                    "1 while the append-only file is rewritten.");
    static final Statistic REWRITE_SCHEDULED =
            gauge(
                    "aof_rewrite_scheduled",
                    "redis_aof_rewrite_scheduled",
                    "1 when a rewrite of the append-only file waits.");
    static final Statistic LAST_REWRITE_SECONDS =
            gauge(
                    "aof_last_rewrite_time_sec",
                    "redis_aof_last_rewrite_duration_sec",
                    "Seconds the last rewrite took; -1 for none.");
    static final Statistic CURRENT_REWRITE_SECONDS =
            gauge(
                    "aof_current_rewrite_time_sec",
                    "redis_aof_current_rewrite_duration_sec",
                    "Seconds since the running rewrite began; -1 for none.");
    static final Statistic REWRITES =
            counter("aof_rewrites", "", "Rewrites of the append-only file.");
    static final Statistic FAILURES_IN_A_ROW =
            gauge(
                    "aof_rewrites_consecutive_failures",
                    "",
                    "Rewrites that failed one after the other.");
    static final Statistic LAST_COPIED =
            gauge(
                    "aof_last_cow_size",
                    "redis_aof_last_cow_size_bytes",
                    "Memory copied because of a fork.");
    static final Statistic REWRITE_OK =
            gauge(
                    "",
                    "redis_aof_last_bgrewrite_status",
                    "1 unless the last rewrite of the append-only file failed.");
    static final Statistic WRITE_OK =
            gauge(
                    "",
                    "redis_aof_last_write_status",
                    "1 unless the last write to the append-only file failed.");
    static final Statistic CURRENT_BYTES =
            gauge(
                    "aof_current_size",
                    "redis_aof_current_size_bytes",
                    "Bytes of the append-only file.");
    static final Statistic BASE_BYTES =
            gauge(
                    "aof_base_size",
                    "redis_aof_base_size_bytes",
                    "Bytes it had after the last rewrite, or at the start.");
    static final Statistic PENDING_REWRITE =
            gauge(
                    "aof_pending_rewrite",
                    "redis_aof_pending_rewrite",
                    "1 when a rewrite waits for a dump file to be complete.");
    static final Statistic WAITING_BYTES =
            gauge(
                    "aof_buffer_length",
                    "redis_aof_buffer_length",
                    "Bytes in the log that the append-only file lacks.");
    static final Statistic SYNCS_PENDING =
            gauge(
                    "aof_pending_bio_fsync",
                    "redis_aof_pending_bio_fsync",
                    "1 while the file is brought to the disk.");
    static final Statistic DELAYED_SYNCS =
            counter(
                    "aof_delayed_fsync",
                    "redis_aof_delayed_fsync",
                    "How often the disk took so long that the next turn was late.");

    private AofFigures() {}

    static void report(Report report, AofState state) {
        report.number(ENABLED, state.isOn() ? 1 : 0);
        report.number(REWRITE_IN_PROGRESS, state.isRewriting() ? 1 : 0);
        report.number(REWRITE_SCHEDULED, state.isRewriteScheduled() ? 1 : 0);
        report.number(LAST_REWRITE_SECONDS, state.lastRewriteSeconds());
        report.number(CURRENT_REWRITE_SECONDS, state.currentRewriteSeconds());
        report.text("aof_last_bgrewrite_status", state.hasRewriteFailed() ? "err" : "ok");
        report.number(REWRITE_OK, state.hasRewriteFailed() ? 0 : 1);
        report.number(REWRITES, state.rewrites());
        report.number(FAILURES_IN_A_ROW, state.rewriteFailuresInARow());
        report.text("aof_last_write_status", state.hasWriteFailed() ? "err" : "ok");
        report.number(WRITE_OK, state.hasWriteFailed() ? 0 : 1);
        report.number(LAST_COPIED, 0);
        if (state.isOn()) {
            report.number(CURRENT_BYTES, state.bytes());
            report.number(BASE_BYTES, state.baseBytes());
            report.number(PENDING_REWRITE, state.isRewriteScheduled() ? 1 : 0);
            report.number(WAITING_BYTES, state.waitingBytes());
            report.number(SYNCS_PENDING, state.isSyncing() ? 1 : 0);
            report.number(DELAYED_SYNCS, state.delayedSyncs());
        }
    }
}
