package io.keydb.server.management;

import io.keydb.server.support.Report;
import io.keydb.server.support.Statistic;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A report in the text format of Prometheus, version 0.0.4: each metric with its sentence, its type
 * and then its samples.
 *
 * <p>Threads: confined to the caller.
 */
public final class Metrics implements Report {
    /** The content type of the text. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Map<String, StringBuilder> byName = new LinkedHashMap<>();

    @Override
    public void number(Statistic statistic, long value) {
        sample(statistic, "", Long.toString(value));
    }

    @Override
    public void fraction(Statistic statistic, double value) {
        sample(statistic, "", Double.toString(value));
    }

    @Override
    public void labelled(Statistic statistic, String label, String of, long value) {
        sample(statistic, labels(label, of), Long.toString(value));
    }

    @Override
    public void labelledFraction(Statistic statistic, String label, String of, double value) {
        sample(statistic, labels(label, of), Double.toString(value));
    }

    @Override
    public void described(Statistic statistic, long value, String... labels) {
        StringJoiner text = new StringJoiner(",", "{", "}");
        for (int i = 0; i < labels.length; i += 2) {
            text.add(labels[i] + "=\"" + escaped(labels[i + 1]) + "\"");
        }
        sample(statistic, text.toString(), Long.toString(value));
    }

    private static String labels(String label, String of) {
        return "{" + label + "=\"" + escaped(of) + "\"}";
    }

    @Override
    public void text(String field, String value) {
        // words are for INFO
    }

    private void sample(Statistic statistic, String labels, String value) {
        String name = statistic.metric();
        if (!name.isEmpty()) {
            byName.computeIfAbsent(name, first -> head(statistic))
                    .append(name)
                    .append(labels)
                    .append(' ')
                    .append(value)
                    .append('\n');
        }
    }

    private static StringBuilder head(Statistic statistic) {
        String name = statistic.metric();
        return new StringBuilder()
                .append("# HELP ")
                .append(name)
                .append(' ')
                .append(statistic.sentence().replace("\\", "\\\\").replace("\n", "\\n"))
                .append("\n# TYPE ")
                .append(name)
                .append(' ')
                .append(statistic.kind().name().toLowerCase(Locale.ROOT))
                .append('\n');
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Override
    public String toString() {
        StringBuilder all = new StringBuilder();
        byName.values().forEach(all::append);
        return all.toString();
    }
}
