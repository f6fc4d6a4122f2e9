package io.keydb.server.replication;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import io.keydb.server.config.InvalidValue;
import java.util.List;

/** The directives of replication, plain and active. */
public final class ReplicationDirectives {
    public static final Directive<List<String>> REPLICAOF =
            directive("replicaof")
                    .optionalWords(2)
                    .alias("slaveof")
                    .checked(ReplicationDirectives::upstream)
                    .doc(
                            "Host and port of the primary to replicate from; on an active node of a"
                                    + " peer to link with.");

    public static final Directive<String> MASTER_AUTH =
            directive("masterauth")
                    .optionalText()
                    .alias("primaryauth")
                    .mutable()
                    .sensitive()
                    .doc("The password for the primary or the peers.");

    public static final Directive<String> MASTER_USER =
            directive("masteruser")
                    .optionalText()
                    .alias("primaryuser")
                    .mutable()
                    .sensitive()
                    .doc("The user for the primary or the peers; empty means the default user.");

    public static final Directive<Boolean> ACTIVE_REPLICA =
            directive("active-replica")
                    .toggle(false)
                    .doc(
                            "Makes this an active node: it takes writes, and what linked active"
                                    + " nodes write converges.");

    public static final Directive<Boolean> MULTI_MASTER =
            directive("multi-master")
                    .toggle(false)
                    .doc("Lets an active node have several links; REPLICAOF adds one.");

    public static final Directive<Boolean> REPLICA_READ_ONLY =
            directive("replica-read-only")
                    .toggle(true)
                    .alias("slave-read-only")
                    .mutable()
                    .doc("Refuses writes of clients on a plain replica.");

    public static final Directive<Boolean> SERVE_STALE_DATA =
            directive("replica-serve-stale-data")
                    .toggle(true)
                    .alias("slave-serve-stale-data")
                    .mutable()
                    .doc("Lets a plain replica answer while it is not connected to its primary.");

    public static final Directive<Long> BACKLOG_SIZE =
            directive("repl-backlog-size")
                    .memory(1 << 20, 1, Long.MAX_VALUE)
                    .mutable()
                    .doc("How much of the log is kept for replicas and peers that come back.");

    public static final Directive<Long> BACKLOG_TTL =
            directive("repl-backlog-ttl")
                    .integer(3600, 0, Long.MAX_VALUE)
                    .mutable()
                    .doc(
                            "After so many seconds without replicas a plain primary frees the log;"
                                    + " 0 never does.");

    public static final Directive<Long> TIMEOUT =
            directive("repl-timeout")
                    .integer(60, 1, Integer.MAX_VALUE)
                    .mutable()
                    .doc("Gives up a link, or a replica, that was silent for so many seconds.");

    public static final Directive<Long> PING_PERIOD =
            directive("repl-ping-replica-period")
                    .integer(10, 1, Integer.MAX_VALUE)
                    .alias("repl-ping-slave-period")
                    .mutable()
                    .doc("A primary pings its replicas every so many seconds.");

    public static final Directive<Boolean> DISKLESS_SYNC =
            directive("repl-diskless-sync")
                    .toggle(true)
                    .mutable()
                    .withoutEffect("Full syncs always stream straight to the replica.");

    public static final Directive<Long> DISKLESS_SYNC_DELAY =
            directive("repl-diskless-sync-delay")
                    .integer(5, 0, Integer.MAX_VALUE)
                    .mutable()
                    .withoutEffect(
                            "Every replica gets a stream of its own, so none waits for others.");

    public static final Directive<Long> DISKLESS_SYNC_MAX_REPLICAS =
            directive("repl-diskless-sync-max-replicas")
                    .integer(0, 0, Integer.MAX_VALUE)
                    .mutable()
                    .withoutEffect(
                            "Every replica gets a stream of its own, so none waits for others.");

    public static final Directive<String> ANNOUNCE_IP =
            directive("replica-announce-ip")
                    .optionalText()
                    .alias("slave-announce-ip")
                    .mutable()
                    .doc("The address this node tells its primary it is reached at.");

    public static final Directive<Long> ANNOUNCE_PORT =
            directive("replica-announce-port")
                    .integer(0, 0, 65_535)
                    .alias("slave-announce-port")
                    .mutable()
                    .doc(
                            "The port this node tells its primary it is reached at; 0 is the real"
                                    + " one.");

    public static final Directive<Long> PRIORITY =
            directive("replica-priority")
                    .integer(100, 0, Integer.MAX_VALUE)
                    .alias("slave-priority")
                    .mutable()
                    .doc("What INFO tells those who choose a new primary; 0 means never this one.");

    public static final Directive<Boolean> ANNOUNCED =
            directive("replica-announced")
                    .toggle(true)
                    .mutable()
                    .doc("Whether Sentinel is to tell others of this replica, as INFO says.");

    public static final Directive<Long> MIN_REPLICAS_TO_WRITE =
            directive("min-replicas-to-write")
                    .integer(0, 0, Integer.MAX_VALUE)
                    .alias("min-slaves-to-write")
                    .mutable()
                    .doc("Refuses writes while fewer good replicas are connected; 0 never does.");

    public static final Directive<Long> MIN_REPLICAS_MAX_LAG =
            directive("min-replicas-max-lag")
                    .integer(10, 0, Integer.MAX_VALUE)
                    .alias("min-slaves-max-lag")
                    .mutable()
                    .doc("A replica is good when it was heard of within so many seconds.");

    /** All directives of replication. */
    public static final List<Directive<?>> ALL =
            List.of(
                    REPLICAOF,
                    MASTER_AUTH,
                    MASTER_USER,
                    ACTIVE_REPLICA,
                    MULTI_MASTER,
                    REPLICA_READ_ONLY,
                    SERVE_STALE_DATA,
                    BACKLOG_SIZE,
                    BACKLOG_TTL,
                    TIMEOUT,
                    PING_PERIOD,
                    DISKLESS_SYNC,
                    DISKLESS_SYNC_DELAY,
                    DISKLESS_SYNC_MAX_REPLICAS,
                    ANNOUNCE_IP,
                    ANNOUNCE_PORT,
                    PRIORITY,
                    ANNOUNCED,
                    MIN_REPLICAS_TO_WRITE,
                    MIN_REPLICAS_MAX_LAG);

    private ReplicationDirectives() {}

    private static List<String> upstream(List<String> words) throws InvalidValue {
        if (words.isEmpty() || isNoOne(words)) {
            return List.of();
        }
        if (words.size() != 2) {
            throw new InvalidValue("wrong number of arguments");
        }
        try {
            long port = Long.parseLong(words.get(1));
            if (port == 0 || Upstream.isPort(port)) {
                return words; // 0: a primary that is never found
            }
        } catch (NumberFormatException malformed) {
            throw new InvalidValue("Invalid master port");
        }
        throw new InvalidValue("Invalid master port");
    }

    private static boolean isNoOne(List<String> words) {
        return words.size() == 2
                && words.get(0).equalsIgnoreCase("no")
                && words.get(1).equalsIgnoreCase("one");
    }
}
