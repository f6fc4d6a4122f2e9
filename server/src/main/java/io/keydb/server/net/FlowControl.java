package io.keydb.server.net;

/**
 * The flow of requests of one client, for who cannot keep up with what they cause.
 *
 * <p>Threads: safe.
 */
public interface FlowControl {
    /** No request is handled behind the current one, until {@link #letGo()}; no thread waits. */
    void holdBack();

    /** Requests are handled again, by a task of the loop. */
    void letGo();
}
