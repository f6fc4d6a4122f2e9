package io.keydb.server.client;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import java.util.List;

/**
 * Directives that decide which clients are let in and how long they stay.
 *
 * <p>Threads: immutable.
 */
public final class ClientDirectives {
    private ClientDirectives() {}

    public static final Directive<Long> MAXCLIENTS =
            directive("maxclients")
                    .integer(10000, 1, 4294967295L)
                    .mutable()
                    .doc("Connected clients beyond which a new one is refused.");

    public static final Directive<Long> TIMEOUT =
            directive("timeout")
                    .integer(0, 0, Integer.MAX_VALUE)
                    .mutable()
                    .doc("Closes a client that has been idle for so many seconds; 0 never does.");

    public static final Directive<Boolean> PROTECTED_MODE =
            directive("protected-mode")
                    .toggle(true)
                    .mutable()
                    .doc(
                            "Refuses clients of other machines as long as the default user has no"
                                    + " password.");

    public static final Directive<String> REQUIREPASS =
            directive("requirepass")
                    .text("")
                    .mutable()
                    .sensitive()
                    .doc("Password of the default user; an empty one lets everybody in.");

    public static final List<Directive<?>> ALL =
            List.of(MAXCLIENTS, TIMEOUT, PROTECTED_MODE, REQUIREPASS);
}
