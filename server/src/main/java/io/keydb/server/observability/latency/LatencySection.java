package io.keydb.server.observability.latency;

import io.keydb.server.command.Command;
import io.keydb.server.command.CommandTable;
import io.keydb.server.command.Statistics;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Setting;
import io.keydb.server.support.LatencyHistogram;
import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * INFO latencystats: percentiles of how long each command takes. Commands that were never called
 * are left out.
 *
 * <p>Threads: safe; what is counted at the same moment may be missing.
 */
public final class LatencySection implements ReportSection {
    private static final double NANOS_PER_MICRO = 1000;

    private final CommandTable table;
    private final Statistics statistics;
    private final Setting<List<String>> percentiles;

    public LatencySection(CommandTable table, Statistics statistics, Configuration configuration) {
        this.table = table;
        this.statistics = statistics;
        this.percentiles =
                configuration.setting(LatencyDirectives.LATENCY_TRACKING_INFO_PERCENTILES);
        Setting<Boolean> tracking = configuration.setting(LatencyDirectives.LATENCY_TRACKING);
        statistics.tracksLatency(tracking.value());
        configuration.onChange(
                () -> statistics.tracksLatency(tracking.value()),
                LatencyDirectives.LATENCY_TRACKING);
    }

    @Override
    public String name() {
        return "latencystats";
    }

    @Override
    public void report(Report report) {
        List<String> asked = percentiles.value();
        for (Command command : table.all()) {
            LatencyHistogram latency = statistics.latency(command);
            if (latency != null) {
                StringJoiner values = new StringJoiner(",");
                for (String percentile : asked) {
                    double micros =
                            latency.nanosAt(Double.parseDouble(percentile)) / NANOS_PER_MICRO;
                    values.add(String.format(Locale.ROOT, "p%s=%.3f", percentile, micros));
                }
                report.text("latency_percentiles_usec_" + command.fullName(), values.toString());
            }
        }
    }
}
