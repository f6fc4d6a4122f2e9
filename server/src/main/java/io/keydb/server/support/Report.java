package io.keydb.server.support;

/**
 * Takes what a subsystem tells about itself. INFO and the metrics endpoint each read a report in
 * their own notation; so a subsystem states a value once.
 *
 * <p>Threads: confined to the caller.
 */
public interface Report {

    /** A declared number. */
    void number(Statistic statistic, long value);

    /** A declared number with a fraction. */
    void fraction(Statistic statistic, double value);

    /**
     * A declared number of one of several things of a kind, for the metrics only: {@code label} is
     * the kind, {@code of} the thing.
     */
    void labelled(Statistic statistic, String label, String of, long value);

    /**
     * A declared number of a thing that several labels describe, for the metrics only: names and
     * values of the labels in turn.
     */
    void described(Statistic statistic, long value, String... labels);

    /** The same for a number with a fraction. */
    void labelledFraction(Statistic statistic, String label, String of, double value);

    /** A line that only INFO shows: state in words, or several values in one field. */
    void text(String field, String value);
}
