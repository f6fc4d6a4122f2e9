package io.keydb.operator.database;

/**
 * A link as a member reports it: from where it receives writes, and how far that is.
 *
 * <p>Threads: immutable.
 */
public record Link(Endpoint from, LinkState state) {}
