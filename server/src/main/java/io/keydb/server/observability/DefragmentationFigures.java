package io.keydb.server.observability;

import static io.keydb.server.support.Statistic.counter;
import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.keyspace.ActiveDefragmentation;
import io.keydb.server.support.Report;
import io.keydb.server.support.Statistic;

/**
 * What INFO tells of active defragmentation, in two of its sections.
 *
 * <p>Threads: safe.
 */
final class DefragmentationFigures {
    static final Statistic RUNNING =
            gauge(
                    "active_defrag_running",
                    "redis_active_defrag_running",
                    "Percentage of time spent on moving data together at the moment.");
    static final Statistic HITS =
            gauge(
                    "active_defrag_hits",
                    "redis_defrag_hits",
                    "Pieces of data moved by active defragmentation.");
    static final Statistic MISSES =
            gauge(
                    "active_defrag_misses",
                    "redis_defrag_misses",
                    "Pieces of data that active defragmentation looked at and left.");
    static final Statistic KEY_HITS =
            gauge(
                    "active_defrag_key_hits",
                    "redis_defrag_key_hits",
                    "Keys of which active defragmentation moved something.");
    static final Statistic KEY_MISSES =
            gauge(
                    "active_defrag_key_misses",
                    "redis_defrag_key_misses",
                    "Keys of which active defragmentation moved nothing.");
    static final Statistic TIME =
            counter(
                    "total_active_defrag_time",
                    "keydb_active_defrag_milliseconds_total",
                    "Milliseconds during which active defragmentation was at work.");
    static final Statistic CURRENT_TIME =
            gauge(
                    "current_active_defrag_time",
                    "keydb_active_defrag_current_milliseconds",
                    "Milliseconds since active defragmentation began to work, 0 while it rests.");

    private DefragmentationFigures() {}

    static void report(Report report, ActiveDefragmentation defragmentation) {
        report.number(HITS, defragmentation.moved());
        report.number(MISSES, defragmentation.stayed());
        report.number(KEY_HITS, defragmentation.movedKeys());
        report.number(KEY_MISSES, defragmentation.stayedKeys());
        long current = defragmentation.currentMillis();
        report.number(TIME, defragmentation.spentMillis() + current);
        report.number(CURRENT_TIME, current);
    }
}
