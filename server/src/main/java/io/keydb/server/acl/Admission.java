package io.keydb.server.acl;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientDirectives;
import io.keydb.server.client.User;
import io.keydb.server.command.Gatekeeper;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Setting;
import io.keydb.server.net.Connection;
import io.keydb.server.resp.Request;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Lets clients in by {@code maxclients} and {@code protected-mode}, and makes them users: at first
 * {@code default}, later whom they know the password of.
 *
 * <p>Threads: safe, because each decision reads settings and users anew.
 */
final class Admission implements Gatekeeper {
    private static final byte[] TOO_MANY =
            "ERR max number of clients reached".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PROTECTED =
            ("DENIED Redis is running in protected mode because protected mode is enabled and no"
                            + " password is set for the default user. In this mode connections are"
                            + " only accepted from the loopback interface. If you want to connect"
                            + " from external computers to Redis you may adopt one of the following"
                            + " solutions: 1) Just disable protected mode sending the command"
                            + " 'CONFIG SET protected-mode no' from the loopback interface by"
                            + " connecting to Redis from the same host the server is running,"
                            + " however MAKE SURE Redis is not publicly accessible from internet if"
                            + " you do so. Use CONFIG REWRITE to make this change permanent. 2)"
                            + " Alternatively you can just disable the protected mode by editing"
                            + " the Redis configuration file, and setting the protected mode option"
                            + " to 'no', and then restarting the server. 3) If you started the"
                            + " server manually just for testing, restart it with the"
                            + " '--protected-mode no' option. 4) Setup a an authentication password"
                            + " for the default user. NOTE: You only need to do one of the above"
                            + " things in order for the server to start accepting connections from"
                            + " the outside.")
                    .getBytes(StandardCharsets.US_ASCII);

    private final Setting<Long> mostClients;
    private final Setting<Long> reserved;
    private final Setting<Boolean> protectedMode;
    private final Users users;
    private final Access access;

    Admission(Configuration configuration, Users users, Access access) {
        this.mostClients = configuration.setting(ClientDirectives.MAXCLIENTS);
        this.reserved = configuration.setting(ClientDirectives.MAXCLIENTS_RESERVED);
        this.protectedMode = configuration.setting(ClientDirectives.PROTECTED_MODE);
        this.users = users;
        this.access = access;
    }

    @Override
    public byte @Nullable [] refusal(Connection connection, int clients) {
        long most = mostClients.value();
        if (clients >= most - reserved.value() && (clients >= most || !connection.isLoopback())) {
            return TOO_MANY;
        }
        boolean open = protectedMode.value() && takesAnyPassword();
        return open && !connection.isLoopback() ? PROTECTED : null;
    }

    @Override
    public boolean requiresPassword() {
        return !users.defaultUser().rules().isOpen();
    }

    @Override
    public boolean takesAnyPassword() {
        return users.defaultUser().rules().takesAnyPassword();
    }

    @Override
    public boolean authenticate(Client client, Request request, String user, byte[] password) {
        Account account = users.find(user);
        if (account != null && account.rules().accepts(password)) {
            client.user(account, true);
            // It may have been deleted meanwhile; whoever did so has not seen this client then.
            if (users.has(account)) {
                return true;
            }
            client.user(users.defaultUser(), false);
        }
        access.noteFailedAuthentication(client, request, user);
        return false;
    }

    @Override
    public void admit(Client client) {
        client.user(users.defaultUser(), !requiresPassword());
    }

    @Override
    public @Nullable User user(String name) {
        return users.find(name);
    }
}
