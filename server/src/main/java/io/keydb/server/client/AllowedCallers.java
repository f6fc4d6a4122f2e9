package io.keydb.server.client;

import io.keydb.server.net.Connection;

/**
 * Who may do something that is not for everybody, as {@code enable-debug-command} and its kind say.
 *
 * <p>Threads: immutable.
 */
public enum AllowedCallers {
    NO,
    YES,
    /** Clients on the same machine. */
    LOCAL;

    /** Whether this client may. */
    public boolean includes(Client client) {
        Connection connection = client.connection();
        return this == YES || (this == LOCAL && connection != null && connection.isLoopback());
    }
}
