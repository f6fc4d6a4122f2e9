package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.net.Connection;
import org.jspecify.annotations.Nullable;

/** Port to who may connect: passwords, protected mode, the limit of clients. */
public interface Gatekeeper {
    /** The error text to refuse a new connection with, or null to let it in. */
    byte @Nullable [] refusal(Connection connection, int clients);

    /** Whether a new client must authenticate first. */
    boolean requiresPassword();

    /** Whether this name and password are right. */
    boolean accepts(String user, byte[] password);

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
            public boolean accepts(String user, byte[] password) {
                return user.equals("default");
            }
        };
    }

    /** Marks a new client as authenticated when no password is asked for. */
    default void admit(Client client) {
        client.authenticated(!requiresPassword());
    }
}
