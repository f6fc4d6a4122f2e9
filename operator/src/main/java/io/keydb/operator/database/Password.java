package io.keydb.operator.database;

/**
 * A password, which no log line and no exception message ever shows.
 *
 * <p>Threads: immutable.
 */
public record Password(String value) {
    @Override
    public String toString() {
        return "(hidden)";
    }
}
