package io.keydb.server.config.compatibility;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import io.keydb.server.config.InvalidValue;
import java.util.List;

/**
 * Directives of Redis Cluster. The server is no node of one, and refuses to be started as if it
 * were: the operator shards otherwise.
 *
 * <p>Threads: immutable.
 */
public final class ClusterDirectives {
    private ClusterDirectives() {}

    private static final int LONGEST_HOST = 255;

    /** What a node of a cluster tells clients to connect to. */
    public enum EndpointType {
        IP,
        HOSTNAME,
        UNKNOWN_ENDPOINT
    }

    public static final Directive<Boolean> CLUSTER_ENABLED =
            directive("cluster-enabled")
                    .toggle(false)
                    .checked(ClusterDirectives::standaloneOnly)
                    .doc(
                            "Only `no`: the server is no node of a cluster, and clients of one"
                                    + " would find no slots.");

    public static final Directive<String> CLUSTER_CONFIG_FILE =
            directive("cluster-config-file")
                    .text("nodes.conf")
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<Long> CLUSTER_NODE_TIMEOUT =
            directive("cluster-node-timeout")
                    .integer(15000, 0, Long.MAX_VALUE)
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<Long> CLUSTER_PING_INTERVAL =
            directive("cluster-ping-interval")
                    .integer(0, 0, Long.MAX_VALUE)
                    .mutable()
                    .hidden()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<Long> CLUSTER_PORT =
            directive("cluster-port")
                    .integer(0, 0, 65535)
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<Long> CLUSTER_MIGRATION_BARRIER =
            directive("cluster-migration-barrier")
                    .integer(1, 0, Integer.MAX_VALUE)
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<Long> CLUSTER_REPLICA_VALIDITY_FACTOR =
            directive("cluster-replica-validity-factor")
                    .integer(10, 0, Integer.MAX_VALUE)
                    .alias("cluster-slave-validity-factor")
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<Boolean> CLUSTER_REPLICA_NO_FAILOVER =
            directive("cluster-replica-no-failover")
                    .toggle(false)
                    .alias("cluster-slave-no-failover")
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<Boolean> CLUSTER_REQUIRE_FULL_COVERAGE =
            directive("cluster-require-full-coverage")
                    .toggle(true)
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<Boolean> CLUSTER_ALLOW_REPLICA_MIGRATION =
            directive("cluster-allow-replica-migration")
                    .toggle(true)
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<Boolean> CLUSTER_ALLOW_READS_WHEN_DOWN =
            directive("cluster-allow-reads-when-down")
                    .toggle(false)
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<Boolean> CLUSTER_ALLOW_PUBSUBSHARD_WHEN_DOWN =
            directive("cluster-allow-pubsubshard-when-down")
                    .toggle(true)
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<Long> CLUSTER_LINK_SENDBUF_LIMIT =
            directive("cluster-link-sendbuf-limit")
                    .memory(0)
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<String> CLUSTER_ANNOUNCE_IP =
            directive("cluster-announce-ip")
                    .optionalText()
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<Long> CLUSTER_ANNOUNCE_PORT =
            directive("cluster-announce-port")
                    .integer(0, 0, 65535)
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<Long> CLUSTER_ANNOUNCE_TLS_PORT =
            directive("cluster-announce-tls-port")
                    .integer(0, 0, 65535)
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<Long> CLUSTER_ANNOUNCE_BUS_PORT =
            directive("cluster-announce-bus-port")
                    .integer(0, 0, 65535)
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<String> CLUSTER_ANNOUNCE_HOSTNAME =
            directive("cluster-announce-hostname")
                    .optionalText()
                    .checked(ClusterDirectives::hostname)
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<String> CLUSTER_ANNOUNCE_HUMAN_NODENAME =
            directive("cluster-announce-human-nodename")
                    .optionalText()
                    .checked(ClusterDirectives::nodeName)
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<String> CLUSTER_ANNOUNCE_CLIENT_IPV4 =
            directive("cluster-announce-client-ipv4")
                    .optionalText()
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<String> CLUSTER_ANNOUNCE_CLIENT_IPV6 =
            directive("cluster-announce-client-ipv6")
                    .optionalText()
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<EndpointType> CLUSTER_PREFERRED_ENDPOINT_TYPE =
            directive("cluster-preferred-endpoint-type")
                    .choice(EndpointType.IP)
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<Long> CLUSTER_BLACKLIST_TTL =
            directive("cluster-blacklist-ttl")
                    .integer(60, 0, Long.MAX_VALUE)
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final Directive<Boolean> CLUSTER_SLOT_STATS_ENABLED =
            directive("cluster-slot-stats-enabled")
                    .toggle(false)
                    .mutable()
                    .withoutEffect("The server is no node of a cluster.");

    public static final List<Directive<?>> ALL =
            List.of(
                    CLUSTER_ENABLED,
                    CLUSTER_CONFIG_FILE,
                    CLUSTER_NODE_TIMEOUT,
                    CLUSTER_PING_INTERVAL,
                    CLUSTER_PORT,
                    CLUSTER_MIGRATION_BARRIER,
                    CLUSTER_REPLICA_VALIDITY_FACTOR,
                    CLUSTER_REPLICA_NO_FAILOVER,
                    CLUSTER_REQUIRE_FULL_COVERAGE,
                    CLUSTER_ALLOW_REPLICA_MIGRATION,
                    CLUSTER_ALLOW_READS_WHEN_DOWN,
                    CLUSTER_ALLOW_PUBSUBSHARD_WHEN_DOWN,
                    CLUSTER_LINK_SENDBUF_LIMIT,
                    CLUSTER_ANNOUNCE_IP,
                    CLUSTER_ANNOUNCE_PORT,
                    CLUSTER_ANNOUNCE_TLS_PORT,
                    CLUSTER_ANNOUNCE_BUS_PORT,
                    CLUSTER_ANNOUNCE_HOSTNAME,
                    CLUSTER_ANNOUNCE_HUMAN_NODENAME,
                    CLUSTER_ANNOUNCE_CLIENT_IPV4,
                    CLUSTER_ANNOUNCE_CLIENT_IPV6,
                    CLUSTER_PREFERRED_ENDPOINT_TYPE,
                    CLUSTER_BLACKLIST_TTL,
                    CLUSTER_SLOT_STATS_ENABLED);

    private static boolean standaloneOnly(boolean enabled) throws InvalidValue {
        if (enabled) {
            throw new InvalidValue("this server cannot be a node of a cluster");
        }
        return false;
    }

    private static String hostname(String name) throws InvalidValue {
        if (name.length() > LONGEST_HOST) {
            throw new InvalidValue("Hostnames must be less than 256 characters");
        }
        if (!name.matches("[A-Za-z0-9.-]*")) {
            throw new InvalidValue(
                    "Hostnames may only contain alphanumeric characters, hyphens or dots");
        }
        return name;
    }

    private static String nodeName(String name) throws InvalidValue {
        if (!name.matches("[!-~&&[^'\",=:;<>()\\[\\]{}*?$&|`\\\\]]*")) {
            throw new InvalidValue("Announced human node name contained invalid character");
        }
        return name;
    }
}
