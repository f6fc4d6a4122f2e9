package io.keydb.server.observability;

import io.keydb.server.support.Report;
import io.keydb.server.support.Statistic;
import java.util.Locale;

/**
 * A report in the notation of INFO: {@code field:value} lines under {@code # Section} headings.
 *
 * <p>Threads: confined to the caller.
 */
final class InfoText implements Report {
    private static final String END = "\r\n";
    private static final String ABBREVIATION = "cpu";

    private final StringBuilder text = new StringBuilder();

    /** Begins a section; an empty line separates it from the one before. */
    void heading(String section) {
        if (!text.isEmpty()) {
            text.append(END);
        }
        String title =
                section.equals(ABBREVIATION)
                        ? section.toUpperCase(Locale.ROOT)
                        : section.substring(0, 1).toUpperCase(Locale.ROOT) + section.substring(1);
        text.append("# ").append(title).append(END);
    }

    @Override
    public void number(Statistic statistic, long value) {
        text(statistic.field(), Long.toString(value));
    }

    @Override
    public void fraction(Statistic statistic, double value) {
        text(statistic.field(), String.format(Locale.ROOT, "%.2f", value));
    }

    @Override
    public void labelled(Statistic statistic, String label, String of, long value) {
        // labels are for the metrics
    }

    @Override
    public void described(Statistic statistic, long value, String... labels) {
        // labels are for the metrics
    }

    @Override
    public void labelledFraction(Statistic statistic, String label, String of, double value) {
        // labels are for the metrics
    }

    @Override
    public void text(String field, String value) {
        if (!field.isEmpty()) {
            text.append(field).append(':').append(value).append(END);
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
