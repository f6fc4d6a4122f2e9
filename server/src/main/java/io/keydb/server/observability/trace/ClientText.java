package io.keydb.server.observability.trace;

import io.keydb.server.client.Client;
import io.keydb.server.net.Connection;

/**
 * How callers and their secrets are shown.
 *
 * <p>Threads: immutable.
 */
final class ClientText {
    /** What is shown instead of a secret. */
    static final String REDACTED = "(redacted)";

    private static final String SCRIPT = "lua";
    private static final String NO_ADDRESS = "?:0";

    private ClientText() {}

    /** Address and port, or what stands for them with callers inside the server. */
    static String address(Client client) {
        Connection connection = client.connection();
        return connection == null ? NO_ADDRESS : connection.remoteText();
    }

    /** Whence a command came: address and port, or that it was a script. */
    static String origin(Client client) {
        Connection connection = client.connection();
        return connection == null ? SCRIPT : connection.remoteText();
    }
}
