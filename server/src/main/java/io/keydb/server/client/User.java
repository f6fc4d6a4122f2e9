package io.keydb.server.client;

/**
 * Whom a client has authenticated as. What the user may do is known to those who made it.
 *
 * <p>Threads: safe.
 */
public interface User {
    /** The name, one character for each byte. */
    String name();

    /** Whether the user may run every command on every key and every channel. */
    boolean isUnrestricted();
}
