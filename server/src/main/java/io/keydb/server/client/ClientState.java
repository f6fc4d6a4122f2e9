package io.keydb.server.client;

/**
 * What a subsystem remembers of one client beyond its commands, as its subscriptions. Attached to
 * the {@link Client} by the subsystem.
 *
 * <p>Threads: called on the thread that serves the client, except for what says otherwise.
 */
public interface ClientState {
    /** The client is gone, or is to be as new (RESET): nothing may be remembered any longer. */
    void ended();

    /** Memory that it takes, as {@code maxmemory-clients} counts. Any thread. */
    default long memoryBytes() {
        return 0;
    }

    /**
     * The client is killed, and its connection closes in a moment: from now on it hears nothing and
     * counts nowhere. {@link #ended} follows. Any thread; {@link Client#isKilled} holds by then.
     */
    default void killed() {
        // most of what is remembered shows nowhere
    }
}
