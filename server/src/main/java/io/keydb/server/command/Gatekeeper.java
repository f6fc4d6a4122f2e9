package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.client.User;
import io.keydb.server.net.Connection;
import io.keydb.server.resp.Request;
import org.jspecify.annotations.Nullable;

/**
 * Port to who may connect and as whom: passwords, protected mode, the limit of clients.
 *
 * <p>Threads: safe.
 */
public interface Gatekeeper {
    /** The error text to refuse a new connection with, or null to let it in. */
    byte @Nullable [] refusal(Connection connection, int clients);

    /** Whether a new client must authenticate first. */
    boolean requiresPassword();

    /** Whether the default user takes any password, so that AUTH without a name makes no sense. */
    default boolean takesAnyPassword() {
        return !requiresPassword();
    }

    /**
     * Makes the client this user when name and password are right; else the attempt is noted.
     *
     * @param request the request that brings them
     * @return whether they are right
     */
    boolean authenticate(Client client, Request request, String user, byte[] password);

    /** Makes a new client, or one that is to be as new, the default user. */
    void admit(Client client);

    /** The user of this name, or null. */
    @Nullable User user(String name);

    /** A gate that is open to everybody. */
    static Gatekeeper open() {
        return new Gatekeeper() {
            @Override
            public byte @Nullable [] refusal(Connection connection, int clients) {
                return null;
            }

            @Override
            public boolean requiresPassword() {
                return false;
            }

            @Override
            public boolean authenticate(
                    Client client, Request request, String user, byte[] password) {
                return user.equals("default");
            }

            @Override
            public void admit(Client client) {
                client.trust();
            }

            @Override
            public @Nullable User user(String name) {
                return null;
            }
        };
    }
}
