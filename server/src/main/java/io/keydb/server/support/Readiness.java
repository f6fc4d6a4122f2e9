package io.keydb.server.support;

import java.util.Optional;

/**
 * One condition for a server to be given traffic. Implemented by the subsystem that knows, asked by
 * the readiness probe.
 *
 * <p>Threads: called by any thread; must answer at once.
 */
public interface Readiness {

    /** What the condition is about, in one word. */
    String name();

    /** Why the server should not be given traffic yet; empty when nothing stands against it. */
    Optional<String> objection();
}
