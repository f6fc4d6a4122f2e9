package io.keydb.server.log;

/**
 * What peers get instead of the plain bytes: commands in RESP that begin in a database.
 *
 * <p>Threads: immutable; the bytes belong to the caller.
 */
public record PeerBytes(long address, int length, int database) {}
