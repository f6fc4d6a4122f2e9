package io.keydb.server.support;

/**
 * The declaration of one number a server tells about itself. Each subsystem declares its own as
 * constants of one enum that implements this; INFO, the metrics endpoint and {@code docs/metrics.md}
 * read them.
 *
 * <pre>{@code
 * public enum NetworkStatistic implements Statistic {
 *     CONNECTIONS(COUNTER, "total_connections_received", "redis_connections_received_total",
 *             "Connections accepted since the start.");
 * }</pre>
 *
 * <p>Threads: immutable.
 */
public interface Statistic {

    /** How the number behaves. */
    enum Kind {
        /** Only grows, until the process ends or CONFIG RESETSTAT. */
        COUNTER,
        /** Goes up and down. */
        GAUGE
    }

    Kind kind();

    /** The field of INFO; empty when INFO does not show it. */
    String field();

    /** The name among the metrics; empty when it is none. */
    String metric();

    /** What is counted, in one sentence. */
    String sentence();
}
