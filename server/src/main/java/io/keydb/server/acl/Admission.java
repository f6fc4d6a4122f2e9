package io.keydb.server.acl;

import io.keydb.server.client.ClientDirectives;
import io.keydb.server.command.Gatekeeper;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Setting;
import io.keydb.server.net.Connection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Lets clients in by {@code maxclients}, {@code protected-mode} and {@code requirepass}. There is
 * one user, {@code default}; without a password everybody is this user.
 *
 * <p>Threads: safe, because each decision reads the settings anew.
 */
public final class Admission implements Gatekeeper {
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
    private static final String DEFAULT_USER = "default";

    private final Setting<Long> mostClients;
    private final Setting<Boolean> protectedMode;
    private final Setting<String> password;

    public Admission(Configuration configuration) {
        this.mostClients = configuration.setting(ClientDirectives.MAXCLIENTS);
        this.protectedMode = configuration.setting(ClientDirectives.PROTECTED_MODE);
        this.password = configuration.setting(ClientDirectives.REQUIREPASS);
    }

    @Override
    public byte @Nullable [] refusal(Connection connection, int clients) {
        if (clients >= mostClients.value()) {
            return TOO_MANY;
        }
        boolean open = protectedMode.value() && !requiresPassword();
        return open && !connection.isLoopback() ? PROTECTED : null;
    }

    @Override
    public boolean requiresPassword() {
        return !password.value().isEmpty();
    }

    @Override
    public boolean accepts(String user, byte[] given) {
        byte[] wanted = password.value().getBytes(StandardCharsets.UTF_8);
        boolean matches = wanted.length == 0 || MessageDigest.isEqual(wanted, given);
        return matches && user.equals(DEFAULT_USER);
    }
}
