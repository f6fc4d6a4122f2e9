package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.resp.Request;
import org.jspecify.annotations.Nullable;

/**
 * Port to what users may do. A caller asks only for a client that is not {@link
 * Client#isUnrestricted() unrestricted}, so this costs the others nothing.
 *
 * <p>Threads: called on the thread that serves the client.
 */
public interface Permissions {
    /** Everybody may do everything. */
    Permissions ALL =
            new Permissions() {
                @Override
                public @Nullable Denial denial(
                        Client client, Command command, Request request, AccessContext context) {
                    return null;
                }

                @Override
                public boolean allow(Client client, Command command, Request request) {
                    return true;
                }

                @Override
                public boolean allowReadingAllKeys(
                        Client client, Command command, Request request) {
                    return true;
                }
            };

    /**
     * Why the client's user may not run this, or null when it may. A denial is counted and goes to
     * the log of denials.
     */
    @Nullable Denial denial(Client client, Command command, Request request, AccessContext context);

    /** Whether the client's user may run this; nothing is noted. */
    boolean allow(Client client, Command command, Request request);

    /** Whether the user may run this and besides read every key there is. */
    boolean allowReadingAllKeys(Client client, Command command, Request request);
}
