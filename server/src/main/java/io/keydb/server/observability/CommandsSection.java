package io.keydb.server.observability;

import static io.keydb.server.support.Statistic.counter;

import io.keydb.server.command.Command;
import io.keydb.server.command.CommandTable;
import io.keydb.server.command.Statistics;
import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;
import java.util.Locale;

/**
 * INFO commandstats: how often each command was called, how long it took, and how often it failed
 * or was refused. Commands that were never called are left out.
 *
 * <p>Threads: safe; sums are taken while others count.
 */
public final class CommandsSection implements ReportSection {
    static final Statistic CALLS = counter("", "redis_commands_total", "Calls of each command.");
    static final Statistic SECONDS =
            counter(
                    "",
                    "redis_commands_duration_seconds_total",
                    "Seconds each command has taken in all its calls.");
    static final Statistic REJECTED =
            counter(
                    "",
                    "redis_commands_rejected_calls_total",
                    "Calls of each command refused before it ran.");
    static final Statistic FAILED =
            counter(
                    "",
                    "redis_commands_failed_calls_total",
                    "Calls of each command that ended with an error.");

    private static final String LABEL = "cmd";

    private final CommandTable table;
    private final Statistics statistics;

    public CommandsSection(CommandTable table, Statistics statistics) {
        this.table = table;
        this.statistics = statistics;
    }

    @Override
    public String name() {
        return "commandstats";
    }

    @Override
    public void report(Report report) {
        for (Command command : table.all()) {
            long calls = statistics.calls(command);
            long rejected = statistics.rejected(command);
            if (calls > 0 || rejected > 0) {
                command(report, command, calls, rejected);
            }
        }
    }

    private void command(Report report, Command command, long calls, long rejected) {
        String name = command.fullName();
        long nanos = statistics.nanos(command);
        long failed = statistics.failed(command);
        report.text(
                "cmdstat_" + name,
                String.format(
                        Locale.ROOT,
                        "calls=%d,usec=%d,usec_per_call=%.2f,rejected_calls=%d,failed_calls=%d",
                        calls,
                        nanos / 1000,
                        calls == 0 ? 0 : nanos / 1000.0 / calls,
                        rejected,
                        failed));
        report.labelled(CALLS, LABEL, name, calls);
        report.labelledFraction(SECONDS, LABEL, name, nanos / 1e9);
        report.labelled(REJECTED, LABEL, name, rejected);
        report.labelled(FAILED, LABEL, name, failed);
    }
}
