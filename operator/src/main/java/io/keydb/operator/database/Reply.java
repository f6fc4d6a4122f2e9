package io.keydb.operator.database;

import java.util.List;

/**
 * One reply of a server, RESP2.
 *
 * <p>Threads: immutable.
 */
sealed interface Reply {
    /** A simple or a bulk string. */
    record Text(String value) implements Reply {}

    /** An error, with its code as the first word. */
    record Failure(String message) implements Reply {}

    /** An integer. */
    record Whole(long value) implements Reply {}

    /** An array. */
    record Sequence(List<Reply> elements) implements Reply {}

    /** The null bulk string or the null array. */
    record Absent() implements Reply {}
}
