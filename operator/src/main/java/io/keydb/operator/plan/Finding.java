package io.keydb.operator.plan;

/**
 * Something the user should know: a reason, and a sentence.
 *
 * <p>Threads: immutable.
 */
public record Finding(Reason reason, String message) {}
