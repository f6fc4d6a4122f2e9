package io.keydb.server.client;

/**
 * What a subsystem remembers of one client beyond its commands, as its subscriptions. Attached to
 * the {@link Client} by the subsystem.
 *
 * <p>Threads: called on the thread that serves the client.
 */
public interface ClientState {
    /** The client is gone, or is to be as new (RESET): nothing may be remembered any longer. */
    void ended();
}
