package io.keydb.server.replication;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.ALLOW_BUSY;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.NO_ASYNC_LOADING;
import static io.keydb.server.command.CommandFlag.NO_MULTI;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.SERVER;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientKind;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.config.WordSplitter;
import io.keydb.server.log.NodeId;
import io.keydb.server.log.Origin;
import io.keydb.server.log.VersionVector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands that replicas and peers send: REPLCONF, PSYNC, SYNC, REPLPING.
 *
 * <p>Words of REPLCONF that are ours, between active nodes:
 *
 * <pre>
 *   capa keydb-active            the client is an active node; answered +OK keydb-active by one
 *   keydb-node node:run          who it is; answered with who we are
 *   keydb-vector vector          what it has, before PSYNC
 *   keydb-ack knowledge          what it has and knows, every second; not answered
 * </pre>
 */
final class ReplicaCommands {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaCommands.class);

    private static final int LONGEST_ADDRESS = 255;
    private static final CommandError NO_LINK =
            new CommandError("NOMASTERLINK Can't SYNC while not connected with my master");
    private static final CommandError FAILOVER =
            new CommandError("ERR PSYNC FAILOVER can't be sent to a master.");
    private static final CommandError NOT_ACTIVE =
            new CommandError("ERR this is not an active node");
    private static final CommandError MALFORMED = new CommandError("ERR malformed introduction");
    private static final CommandError NOT_A_FLAG =
            new CommandError("ERR value is out of range, value must between 0 and 1");
    private static final CommandError SELF = new CommandError("ERR this is the node itself");
    private static final byte[] ACTIVE = ascii("OK " + Handshake.ACTIVE_CAPABILITY);

    private final Replication replication;

    ReplicaCommands(Replication replication) {
        this.replication = replication;
    }

    Command psync() {
        return command("PSYNC", SERVER)
                .since("2.8.0")
                .arity(-3)
                .flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING, NO_MULTI)
                .syntax("replicationid offset")
                .summary("Lets a replica read what it lacks, and all that follows.")
                .handledBy(this::psync);
    }

    Command sync() {
        return command("SYNC", SERVER)
                .since("1.0.0")
                .arity(1)
                .flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING, NO_MULTI)
                .summary("Lets a replica read everything, and all that follows.")
                .handledBy(this::sync);
    }

    Command replconf() {
        return command("REPLCONF", SERVER)
                .internal()
                .since("3.0.0")
                .arity(-1)
                .flags(ADMIN, NOSCRIPT, LOADING, STALE, ALLOW_BUSY)
                .summary("Arranges between a replica and its primary how they go on.")
                .handledBy(this::replconf);
    }

    Command replping() {
        return command("REPLPING", SERVER)
                .since("5.0.0")
                .arity(-1)
                .flags(LOADING, STALE, FAST)
                .syntax("[message]")
                .summary("PING under another name, as KeyDB nodes open a link with it.")
                .handledBy(
                        call -> {
                            if (call.count() > 2) {
                                throw Errors.wrongArity("replping");
                            }
                            if (call.count() == 2) {
                                call.reply().bulk(call.request().bytes(1));
                            } else {
                                call.reply().pong();
                            }
                        });
    }

    private void psync(Call call) {
        if (call.count() > 3) {
            throw call.is(3, "FAILOVER") ? FAILOVER : Errors.SYNTAX;
        }
        ReplicaSession session = readable(call);
        if (session == null) {
            return;
        }
        Origin peer = session.peer();
        VersionVector vector = session.vector();
        if (peer != null && vector != null) {
            replication.nodes().contact(peer, call.nowMillis());
            replication.downstream().peer(session, peer, vector);
        } else {
            long wanted = wantedOffset(call);
            replication.expectPlainReader();
            replication.downstream().plain(session, call.text(1), wanted);
        }
    }

    /** Which parts of the snapshot are wanted; only functions can be told apart. */
    private void filter(Call call, int argument) {
        List<String> parts = WordSplitter.split(call.text(argument));
        if (parts == null) {
            throw new CommandError("ERR Missing rdb-filter-only values");
        }
        for (String part : parts) {
            if (!part.equalsIgnoreCase("functions")) {
                throw new CommandError("ERR Unsupported rdb-filter-only option: " + part);
            }
        }
        session(call).omits(true, parts.isEmpty());
    }

    private static long wantedOffset(Call call) {
        try {
            return call.integer(2);
        } catch (CommandError malformed) {
            LOG.warn(
                    "Replica {} asks for synchronization but with a wrong offset",
                    call.client().id());
            throw malformed;
        }
    }

    private void sync(Call call) {
        ReplicaSession session = readable(call);
        if (session != null) {
            replication.expectPlainReader();
            replication.downstream().full(session, false);
        }
    }

    /** The session that wants to read; null when it reads already. */
    private @Nullable ReplicaSession readable(Call call) {
        PrimaryLink primary = replication.primary();
        if (primary != null && !primary.isUp()) {
            throw NO_LINK;
        }
        ReplicaSession session = session(call);
        return session.isReader() ? null : session;
    }

    private ReplicaSession session(Call call) {
        Client client = call.client();
        if (client.connection() == null) {
            throw Errors.SYNTAX;
        }
        return replication.replicas().session(client, call.nowMillis());
    }

    private void replconf(Call call) {
        if (call.count() % 2 == 0) {
            throw Errors.SYNTAX;
        }
        byte[] answer = null;
        for (int i = 1; i < call.count(); i += 2) {
            String word = call.text(i).toLowerCase(Locale.ROOT);
            switch (word) {
                case "listening-port" ->
                        session(call)
                                .listeningPort((int) Math.clamp(call.integer(i + 1), 0, 65_535));
                case "ip-address" -> address(call, i + 1);
                case "capa" -> answer = capability(call, i + 1) ? ACTIVE : answer;
                case "version" -> {}
                case "rdb-filter-only" -> filter(call, i + 1);
                case "rdb-only" -> session(call).wantsSnapshotOnly(flag(call, i + 1));
                case Handshake.NODE_WORD -> answer = node(call, i + 1);
                case Handshake.VECTOR_WORD -> vector(call, i + 1);
                case "ack" -> {
                    acknowledged(call, i + 1);
                    return;
                }
                case Handshake.ACK_WORD -> {
                    knowledge(call, i + 1);
                    return;
                }
                case "getack" -> {
                    return;
                }
                default ->
                        throw new CommandError("ERR Unrecognized REPLCONF option: " + call.text(i));
            }
        }
        if (answer == null) {
            call.reply().ok();
        } else {
            call.reply().simple(answer);
        }
    }

    private static boolean flag(Call call, int argument) {
        long value = call.integer(argument);
        if (value < 0 || value > 1) {
            throw NOT_A_FLAG;
        }
        return value == 1;
    }

    private void address(Call call, int argument) {
        int length = call.request().length(argument);
        if (length > LONGEST_ADDRESS) {
            throw new CommandError(
                    "ERR REPLCONF ip-address provided by replica instance is too long: "
                            + length
                            + " bytes");
        }
        session(call).announcedAddress(call.text(argument));
    }

    /** Notes a capability; true when both are active nodes. Unknown ones are ignored. */
    private boolean capability(Call call, int argument) {
        if (call.is(argument, "EOF")) {
            session(call).takesEndMark(true);
        }
        boolean active =
                call.text(argument).equalsIgnoreCase(Handshake.ACTIVE_CAPABILITY)
                        && replication.isActive();
        if (active) {
            session(call).speaksPeerDialect(true);
        }
        return active;
    }

    private byte[] node(Call call, int argument) {
        requirePeer(call);
        Origin peer = NodeKnowledge.origin(call.text(argument)).orElseThrow(() -> MALFORMED);
        Origin own = replication.log().origins().own();
        NodeId ownNode = own.node();
        if (peer.node().equals(ownNode)) {
            throw SELF;
        }
        session(call).peer(peer);
        return ascii(own.toString());
    }

    private void vector(Call call, int argument) {
        requirePeer(call);
        session(call).vector(VersionVector.parse(call.text(argument)).orElseThrow(() -> MALFORMED));
    }

    private void requirePeer(Call call) {
        if (!session(call).speaksPeerDialect()) {
            throw NOT_ACTIVE;
        }
    }

    private void acknowledged(Call call, int argument) {
        if (call.client().kind() != ClientKind.REPLICA) {
            return;
        }
        ReplicaSession session = session(call);
        session.acknowledgedOffset(Math.max(session.acknowledgedOffset(), call.integer(argument)));
        if (call.count() > argument + 2 && call.is(argument + 1, "FACK")) {
            session.syncedOffset(Math.max(session.syncedOffset(), call.integer(argument + 2)));
        }
        session.heard(call.nowMillis());
        if (session.stage() == ReplicaSession.Stage.AWAITING_ACK) {
            session.goOnline(call.nowMillis());
            replication.countReplicas();
        }
        replication.waiters().check();
    }

    private void knowledge(Call call, int argument) {
        ReplicaSession session = session(call);
        Origin peer = session.peer();
        if (peer == null) {
            return;
        }
        session.heard(call.nowMillis());
        Optional<NodeKnowledge> told = replication.nodes().learn(call.text(argument), peer.node());
        PeerDialect dialect = session.peerDialect();
        LogPump pump = session.pump();
        if (told.isEmpty() || dialect == null || pump == null) {
            return;
        }
        VersionVector vector = told.get().vector();
        Origin own = replication.log().origins().own();
        session.acknowledgedNumber(vector.last(own));
        session.acknowledgedOffset(replication.log().plainOffset());
        dialect.acknowledged(vector);
        pump.wake();
        replication.waiters().check();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
