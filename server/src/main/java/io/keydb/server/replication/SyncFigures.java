package io.keydb.server.replication;

import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;
import java.util.concurrent.atomic.LongAdder;

/**
 * How replicas and peers were brought up to date, as a part of INFO stats.
 *
 * <p>Threads: safe.
 */
final class SyncFigures implements ReportSection {
    static final Statistic FULL =
            gauge(
                    "sync_full",
                    "redis_replica_resyncs_full",
                    "Replicas and peers that were sent all data.");
    static final Statistic PARTIAL =
            gauge(
                    "sync_partial_ok",
                    "redis_replica_partial_resync_accepted",
                    "Replicas and peers that could go on where they had stopped.");
    static final Statistic DENIED =
            gauge(
                    "sync_partial_err",
                    "redis_replica_partial_resync_denied",
                    "Replicas that wanted to go on and needed all data.");

    private final LongAdder full = new LongAdder();
    private final LongAdder partial = new LongAdder();
    private final LongAdder denied = new LongAdder();

    LongAdder full() {
        return full;
    }

    LongAdder partial() {
        return partial;
    }

    LongAdder denied() {
        return denied;
    }

    void reset() {
        full.reset();
        partial.reset();
        denied.reset();
    }

    @Override
    public String name() {
        return "stats";
    }

    @Override
    public void report(Report report) {
        report.number(FULL, full.sum());
        report.number(PARTIAL, partial.sum());
        report.number(DENIED, denied.sum());
    }
}
