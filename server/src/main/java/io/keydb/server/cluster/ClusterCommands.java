package io.keydb.server.cluster;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.NO_ASYNC_LOADING;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.CLUSTER;

import io.keydb.server.command.AclCategory;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import java.util.List;
import java.util.stream.Stream;

/**
 * CLUSTER, ASKING, READONLY and READWRITE on a server that is no node of a cluster: the number of
 * arguments and the rights of the user are checked as ever, then each says so.
 *
 * <p>Threads: immutable.
 */
public final class ClusterCommands {
    private static final CommandError DISABLED =
            new CommandError("ERR This instance has cluster support disabled");
    private static final String VARIES = "nondeterministic_output";
    private static final String PER_SLOT =
            "O(N) where N is the total number of hash slot arguments";
    private static final String PER_RANGE =
            "O(N) where N is the total number of the slots between the start slot and end slot"
                    + " arguments.";
    private static final String PER_NODE = "O(N) where N is the total number of Cluster nodes";

    private ClusterCommands() {}

    /** All commands of this class. */
    public static List<Command> all() {
        return List.of(
                command("CLUSTER", CLUSTER)
                        .since("3.0.0")
                        .arity(-2)
                        .summary("Asks about a cluster; this server is no node of one.")
                        .complexity("Depends on subcommand.")
                        .subcommands(subcommands())
                        .container(),
                ofConnection("ASKING", "Precedes a request that an ASK redirection sent here.")
                        .flags(FAST)
                        .handledBy(ClusterCommands::refuse),
                ofConnection("READONLY", "Allows this connection to read from a replica.")
                        .flags(FAST, LOADING, STALE)
                        .handledBy(ClusterCommands::refuse),
                ofConnection("READWRITE", "Forbids this connection to read from a replica.")
                        .flags(FAST, LOADING, STALE)
                        .handledBy(ClusterCommands::refuse));
    }

    private static Command[] subcommands() {
        return Stream.of(
                        subcommand("ADDSLOTS", -3, "Gives slots to this node.")
                                .flags(ADMIN, STALE, NO_ASYNC_LOADING)
                                .syntax("slot [slot ...]")
                                .complexity(PER_SLOT),
                        subcommand("ADDSLOTSRANGE", -4, "Gives ranges of slots to this node.")
                                .flags(ADMIN, STALE, NO_ASYNC_LOADING)
                                .syntax("start-slot end-slot [start-slot end-slot ...]")
                                .complexity(PER_RANGE)
                                .since("7.0.0"),
                        subcommand("BUMPEPOCH", 2, "Advances the epoch.")
                                .flags(ADMIN, STALE, NO_ASYNC_LOADING)
                                .tips(VARIES),
                        subcommand(
                                        "COUNT-FAILURE-REPORTS",
                                        3,
                                        "Tells how many nodes hold a node to have failed.")
                                .flags(ADMIN, STALE)
                                .syntax("node-id")
                                .complexity("O(N) where N is the number of failure reports")
                                .tips(VARIES),
                        subcommand("COUNTKEYSINSLOT", 3, "Tells how many keys of a slot are here.")
                                .flags(STALE)
                                .syntax("slot"),
                        subcommand("DELSLOTS", -3, "Takes slots from this node.")
                                .flags(ADMIN, STALE, NO_ASYNC_LOADING)
                                .syntax("slot [slot ...]")
                                .complexity(PER_SLOT),
                        subcommand("DELSLOTSRANGE", -4, "Takes ranges of slots from this node.")
                                .flags(ADMIN, STALE, NO_ASYNC_LOADING)
                                .syntax("start-slot end-slot [start-slot end-slot ...]")
                                .complexity(PER_RANGE)
                                .since("7.0.0"),
                        subcommand("FAILOVER", -2, "Makes this replica the primary of its shard.")
                                .flags(ADMIN, STALE, NO_ASYNC_LOADING)
                                .syntax("[FORCE | TAKEOVER]"),
                        subcommand("FLUSHSLOTS", 2, "Takes all slots from this node.")
                                .flags(ADMIN, STALE, NO_ASYNC_LOADING),
                        subcommand("FORGET", 3, "Removes a node from the cluster.")
                                .flags(ADMIN, STALE, NO_ASYNC_LOADING)
                                .syntax("node-id"),
                        subcommand("GETKEYSINSLOT", 4, "Gives keys of a slot.")
                                .flags(STALE)
                                .syntax("slot count")
                                .complexity("O(log(N)) where N is the number of requested keys")
                                .tips(VARIES),
                        subcommand("HELP", 2, "Explains the subcommands.")
                                .flags(LOADING, STALE)
                                .since("5.0.0"),
                        subcommand("INFO", 2, "Tells the state of the cluster.")
                                .flags(STALE)
                                .tips(VARIES),
                        subcommand("KEYSLOT", 3, "Tells the slot of a key.")
                                .flags(STALE)
                                .syntax("key")
                                .complexity("O(N) where N is the number of bytes in the key"),
                        subcommand("LINKS", 2, "Lists the connections to other nodes.")
                                .flags(STALE)
                                .complexity(PER_NODE)
                                .since("7.0.0")
                                .tips(VARIES),
                        subcommand("MEET", -4, "Joins this node with another one.")
                                .flags(ADMIN, STALE, NO_ASYNC_LOADING)
                                .syntax("ip port [cluster_bus_port]"),
                        subcommand("MYID", 2, "Tells the id of this node.").flags(STALE),
                        subcommand("MYSHARDID", 2, "Tells the id of the shard of this node.")
                                .flags(STALE)
                                .since("7.2.0")
                                .tips(VARIES),
                        subcommand("NODES", 2, "Lists the nodes.")
                                .flags(STALE)
                                .complexity(PER_NODE)
                                .tips(VARIES),
                        subcommand("REPLICAS", 3, "Lists the replicas of a primary.")
                                .flags(ADMIN, STALE)
                                .syntax("node-id")
                                .since("5.0.0")
                                .tips(VARIES),
                        subcommand("REPLICATE", 3, "Makes this node a replica of a primary.")
                                .flags(ADMIN, STALE, NO_ASYNC_LOADING)
                                .syntax("node-id"),
                        subcommand("RESET", -2, "Takes this node out of its cluster.")
                                .flags(ADMIN, STALE, NOSCRIPT)
                                .syntax("[HARD | SOFT]")
                                .complexity("O(N) where N is the number of known nodes."),
                        subcommand("SAVECONFIG", 2, "Writes the state of the cluster to disk.")
                                .flags(ADMIN, STALE, NO_ASYNC_LOADING),
                        subcommand("SET-CONFIG-EPOCH", 3, "Sets the epoch of a new node.")
                                .flags(ADMIN, STALE, NO_ASYNC_LOADING)
                                .syntax("config-epoch"),
                        subcommand("SETSLOT", -4, "Says which node a slot belongs to.")
                                .flags(ADMIN, STALE, NO_ASYNC_LOADING)
                                .syntax(
                                        "slot <IMPORTING node-id | MIGRATING node-id | NODE node-id"
                                                + " | STABLE>"),
                        subcommand("SHARDS", 2, "Lists the shards with their nodes and slots.")
                                .flags(STALE)
                                .complexity(PER_NODE)
                                .since("7.0.0")
                                .tips(VARIES),
                        subcommand("SLAVES", 3, "Lists the replicas of a primary.")
                                .flags(ADMIN, STALE)
                                .syntax("node-id")
                                .deprecated("5.0.0", "`CLUSTER REPLICAS`")
                                .tips(VARIES),
                        subcommand("SLOTS", 2, "Lists the slots with their nodes.")
                                .flags(STALE)
                                .complexity(PER_NODE)
                                .deprecated("7.0.0", "`CLUSTER SHARDS`")
                                .tips(VARIES))
                .map(subcommand -> subcommand.handledBy(ClusterCommands::refuse))
                .toArray(Command[]::new);
    }

    private static Command.Builder subcommand(String name, int arity, String summary) {
        return command("CLUSTER|" + name, CLUSTER)
                .since("3.0.0")
                .arity(arity)
                .summary(summary)
                .complexity("O(1)");
    }

    private static Command.Builder ofConnection(String name, String summary) {
        return command(name, CLUSTER)
                .since("3.0.0")
                .arity(1)
                .categories(AclCategory.CONNECTION)
                .summary(summary)
                .complexity("O(1)");
    }

    private static void refuse(Call call) {
        throw DISABLED;
    }
}
