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

    public static final Directive<Long> MAXCLIENTS_RESERVED =
            directive("maxclients-reserved")
                    .integer(0, 0, 100)
                    .mutable()
                    .doc(
                            "How many of `maxclients` are kept for clients on the same machine, so"
                                    + " that an administrator gets in when all others are used up.");

    public static final Directive<Long> MAXMEMORY_CLIENTS =
            directive("maxmemory-clients")
                    .memoryOrPercent(0)
                    .mutable()
                    .doc(
                            "Memory of all clients together, or percent of `maxmemory`, from which"
                                    + " those that use most are disconnected until they use less; at"
                                    + " least 128 KB, and 0 sets no limit. Replicas and clients of"
                                    + " `CLIENT NO-EVICT` stay.");

    public static final Directive<Long> OVERLOAD_PROTECT_PERCENT =
            directive("overload-protect-percent")
                    .integer(0, 0, 200)
                    .mutable()
                    .doc(
                            "Disconnects clients while the process uses more processor time than so"
                                    + " many percent of `server-threads` processors, measured over"
                                    + " ten seconds; 0 never does. The newest go first, a hundred"
                                    + " a second; replicas, subscribers, clients that wait and"
                                    + " those of `CLIENT NO-EVICT` stay.");

    public static final Directive<String> AVAILABILITY_ZONE =
            directive("availability-zone")
                    .text("")
                    .mutable()
                    .doc(
                            "The zone of the cloud in which the server runs, for clients that"
                                    + " prefer a near one: told by `INFO` and `HELLO`.");

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
            List.of(
                    MAXCLIENTS,
                    MAXCLIENTS_RESERVED,
                    MAXMEMORY_CLIENTS,
                    OVERLOAD_PROTECT_PERCENT,
                    AVAILABILITY_ZONE,
                    TIMEOUT,
                    PROTECTED_MODE,
                    REQUIREPASS);
}
