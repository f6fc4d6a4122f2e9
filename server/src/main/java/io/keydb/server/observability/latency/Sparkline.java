package io.keydb.server.observability.latency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A graph of numbers in characters, filled below the line, with a label under each number that is
 * written downwards:
 *
 * <pre>
 *      #
 *      |o
 *      ||
 *   __o||
 *
 *   54321
 *   sssss
 * </pre>
 *
 * <p>Threads: confined to the caller.
 */
final class Sparkline {
    private static final String HEIGHTS = "_o#";
    private static final char BELOW = '|';
    private static final int ROWS = 4;
    private static final int COLUMNS = 80;

    private final List<Long> values = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();

    void add(long value, String label) {
        values.add(value);
        labels.add(label);
    }

    /** The graph, in pieces one below the other when it is wide. */
    String render() {
        long least = values.stream().mapToLong(Long::longValue).min().orElse(0);
        long most = values.stream().mapToLong(Long::longValue).max().orElse(0);
        StringBuilder graph = new StringBuilder();
        for (int from = 0; from < values.size(); from += COLUMNS) {
            if (from > 0) {
                graph.append('\n');
            }
            int to = Math.min(from + COLUMNS, values.size());
            curve(graph, from, to, least, most == least ? 1 : most - least);
            graph.append(" ".repeat(to - from)).append('\n');
            labels(graph, from, to);
        }
        return graph.toString();
    }

    private void curve(StringBuilder graph, int from, int to, long least, long span) {
        int steps = HEIGHTS.length() * ROWS;
        for (int row = 0; row < ROWS; row++) {
            int bottom = (ROWS - row - 1) * HEIGHTS.length();
            for (int i = from; i < to; i++) {
                double height = values.get(i) - least;
                int step = Math.min((int) (height * steps / span), steps - 1) - bottom;
                graph.append(
                        step < 0 ? ' ' : step < HEIGHTS.length() ? HEIGHTS.charAt(step) : BELOW);
            }
            graph.append('\n');
        }
    }

    private void labels(StringBuilder graph, int from, int to) {
        int longest = labels.subList(from, to).stream().mapToInt(String::length).max().orElse(0);
        for (int row = 0; row < longest; row++) {
            char[] line = new char[to - from];
            Arrays.fill(line, ' ');
            for (int i = from; i < to; i++) {
                if (row < labels.get(i).length()) {
                    line[i - from] = labels.get(i).charAt(row);
                }
            }
            graph.append(line).append('\n');
        }
    }
}
