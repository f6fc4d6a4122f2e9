package io.keydb.server.support;

/**
 * The declaration of one number a server tells about itself, as a constant next to the code that
 * reports it:
 *
 * <pre>{@code
 * static final Statistic CONNECTIONS =
 *         counter("total_connections_received", "redis_connections_received_total",
 *                 "Connections accepted since the start.");
 * }</pre>
 *
 * <p>INFO, the metrics endpoint and {@code docs/metrics.md} read it.
 *
 * <p>Threads: immutable.
 *
 * @param kind how the number behaves
 * @param field the field of INFO; empty when INFO does not show it
 * @param metric the name among the metrics; empty when it is none
 * @param sentence what the number tells, in one sentence
 */
public record Statistic(Kind kind, String field, String metric, String sentence) {

    /** How a number behaves. */
    public enum Kind {
        /** Only grows, until the process ends or CONFIG RESETSTAT. */
        COUNTER,
        /** Goes up and down. */
        GAUGE
    }

    /** A number that only grows. */
    public static Statistic counter(String field, String metric, String sentence) {
        return new Statistic(Kind.COUNTER, field, metric, sentence);
    }

    /** A number that goes up and down. */
    public static Statistic gauge(String field, String metric, String sentence) {
        return new Statistic(Kind.GAUGE, field, metric, sentence);
    }
}
