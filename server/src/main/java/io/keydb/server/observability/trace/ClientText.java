package io.keydb.server.observability.trace;

import io.keydb.server.client.Client;
import io.keydb.server.client.Trait;

/**
 * How callers and their secrets are shown.
 *
 * <p>Threads: immutable.
 */
final class ClientText {
    /** What is shown instead of a secret. */
    static final String REDACTED = "(redacted)";

    private static final String SCRIPT = "lua";

    private ClientText() {}

    /** Whence a command came: address and port, or that it was a script. */
    static String origin(Client client) {
        return client.has(Trait.IS_SCRIPT) ? SCRIPT : client.address();
    }
}
