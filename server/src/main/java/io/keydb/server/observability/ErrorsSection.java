package io.keydb.server.observability;

import static io.keydb.server.support.Statistic.counter;

import io.keydb.server.command.Statistics;
import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;
import java.util.TreeMap;

/**
 * INFO errorstats: error replies by their first word.
 *
 * <p>Threads: safe; sums are taken while others count.
 */
public final class ErrorsSection implements ReportSection {
    static final Statistic ERRORS =
            counter("", "redis_errors_total", "Error replies by their first word.");

    private final Statistics statistics;

    public ErrorsSection(Statistics statistics) {
        this.statistics = statistics;
    }

    @Override
    public String name() {
        return "errorstats";
    }

    @Override
    public void report(Report report) {
        new TreeMap<>(statistics.errors())
                .forEach(
                        (prefix, count) -> {
                            report.text("errorstat_" + prefix, "count=" + count.sum());
                            report.labelled(ERRORS, "err", prefix, count.sum());
                        });
    }
}
