package io.keydb.server.net;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import java.util.List;
import java.util.Map;

/**
 * Directives of listeners and connections.
 *
 * <p>Threads: immutable.
 */
public final class NetworkDirectives {
    private NetworkDirectives() {}

    public static final Directive<List<String>> BIND =
            directive("bind")
                    .words(16, "*", "-::*")
                    .mutable()
                    .doc(
                            "Addresses to listen on. `*` stands for all IPv4 and `::*` for all IPv6"
                                    + " addresses; an address after `-` may be absent from the"
                                    + " machine.");

    public static final Directive<Long> PORT =
            directive("port")
                    .integer(6379, 0, 65535)
                    .mutable()
                    .doc("Port to listen on; 0 listens on none.");

    public static final Directive<String> BIND_SOURCE_ADDR =
            directive("bind-source-addr")
                    .text("")
                    .mutable()
                    .doc(
                            "Address of this machine that links to primaries and peers and the"
                                    + " connections of `MIGRATE` come from. Empty, and where the"
                                    + " address cannot be had, the system chooses.");

    public static final Directive<Long> SOCKET_MARK_ID =
            directive("socket-mark-id")
                    .integer(0, 0, 0xffff_ffffL)
                    .doc(
                            "Mark of the packets of listening sockets and of connections accepted"
                                    + " there, for routing and filtering; 0 for none. Linux only,"
                                    + " and only with the capability `CAP_NET_ADMIN`: without it"
                                    + " the server does not start.");

    public static final Directive<String> UNIX_SOCKET =
            directive("unixsocket")
                    .text("")
                    .doc("Path of a Unix socket to listen on, too; empty for none.");

    public static final Directive<Integer> UNIX_SOCKET_PERM =
            directive("unixsocketperm")
                    .octal(0, 0, 0777)
                    .doc("Permissions of the Unix socket; 0 leaves them to the umask.");

    public static final Directive<String> UNIX_SOCKET_GROUP =
            directive("unixsocketgroup").text("").doc("Group that owns the Unix socket.");

    public static final Directive<Long> TCP_BACKLOG =
            directive("tcp-backlog")
                    .integer(511, 0, Integer.MAX_VALUE)
                    .doc("Connections the kernel keeps waiting until they are accepted.");

    public static final Directive<Long> TCP_KEEPALIVE =
            directive("tcp-keepalive")
                    .integer(300, 0, Integer.MAX_VALUE)
                    .mutable()
                    .doc(
                            "Seconds after which the kernel probes a silent connection; 0 never"
                                    + " does. Counts for connections accepted afterwards.");

    public static final Directive<Long> SERVER_THREADS =
            directive("server-threads")
                    .integer(2, 1, 128)
                    .alias("io-threads")
                    .doc("Event loops that read, execute and reply.");

    public static final Directive<Boolean> ACTIVE_CLIENT_BALANCING =
            directive("active-client-balancing")
                    .toggle(true)
                    .mutable()
                    .doc(
                            "Whether a new connection goes to the event loop that has the fewest;"
                                    + " else they go to the loops in turn.");

    public static final Directive<Long> MIN_CLIENTS_PER_THREAD =
            directive("min-clients-per-thread")
                    .integer(0, 0, 400)
                    .mutable()
                    .doc(
                            "With `active-client-balancing`, an event loop gets so many connections"
                                    + " before the next one gets any. KeyDB's default is 20, because"
                                    + " its threads share one lock.");

    public static final Directive<Long> REPLICA_WEIGHTING_FACTOR =
            directive("replica-weighting-factor")
                    .integer(2, 1, Integer.MAX_VALUE)
                    .mutable()
                    .doc("As how many connections a replica counts when a loop is chosen.");

    public static final Directive<Integer> SERVER_THREAD_AFFINITY =
            directive("server-thread-affinity")
                    .form(new CoreForm(), CoreForm.NONE)
                    .doc(
                            "Binds each event loop to a processor of those that the process may"
                                    + " use: `true` from the first one on, a number from that one"
                                    + " on. Linux only.");

    public static final Directive<Long> PROTO_MAX_BULK_LEN =
            directive("proto-max-bulk-len")
                    .memory(512L << 20, 1 << 20, Long.MAX_VALUE)
                    .mutable()
                    .doc("Longest argument of a request.");

    public static final Directive<OutputLimits.Form.Value> CLIENT_OUTPUT_BUFFER_LIMIT =
            directive("client-output-buffer-limit")
                    .form(
                            new OutputLimits.Form(),
                            new OutputLimits.Form.Value(OutputLimits.DEFAULT, Map.of()))
                    .mutable()
                    .doc(
                            "Ends clients that do not read what they get: for `normal`, `replica`"
                                    + " and `pubsub` clients the unsent bytes beyond which they end at"
                                    + " once, those beyond which they end after some seconds, and the"
                                    + " seconds; 0 sets no limit.");

    public static final Directive<Long> CLIENT_QUERY_BUFFER_LIMIT =
            directive("client-query-buffer-limit")
                    .memory(1L << 30, 1 << 20, Long.MAX_VALUE)
                    .mutable()
                    .doc("Unread input of a client beyond which it is disconnected.");

    public static final List<Directive<?>> ALL =
            List.of(
                    BIND,
                    PORT,
                    BIND_SOURCE_ADDR,
                    SOCKET_MARK_ID,
                    UNIX_SOCKET,
                    UNIX_SOCKET_PERM,
                    UNIX_SOCKET_GROUP,
                    TCP_BACKLOG,
                    TCP_KEEPALIVE,
                    SERVER_THREADS,
                    ACTIVE_CLIENT_BALANCING,
                    MIN_CLIENTS_PER_THREAD,
                    REPLICA_WEIGHTING_FACTOR,
                    SERVER_THREAD_AFFINITY,
                    PROTO_MAX_BULK_LEN,
                    CLIENT_OUTPUT_BUFFER_LIMIT,
                    CLIENT_QUERY_BUFFER_LIMIT);
}
