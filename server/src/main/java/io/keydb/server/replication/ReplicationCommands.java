package io.keydb.server.replication;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.NO_ASYNC_LOADING;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.GENERIC;
import static io.keydb.server.command.Group.SERVER;

import io.keydb.server.client.ClientKind;
import io.keydb.server.command.AclCategory;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.log.ConstantBytes;
import io.keydb.server.net.Connection;
import io.keydb.server.resp.ReplyWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The commands by which people and operators arrange who replicates from whom: REPLICAOF, ROLE,
 * WAIT, WAITAOF.
 */
final class ReplicationCommands {
    private static final CommandError INVALID_PORT = new CommandError("ERR Invalid master port");
    private static final CommandError NOT_FOUND = new CommandError("ERR Master not found");
    private static final CommandError CALLED_BY_REPLICA =
            new CommandError("ERR Command is not valid when client is a replica.");
    private static final CommandError WAIT_ON_REPLICA =
            new CommandError(
                    "ERR WAIT cannot be used with replica instances. Please also note that since"
                            + " Redis 4.0 if a replica is configured to be writable (which is not"
                            + " the default) writes to replicas are just local and are not"
                            + " propagated.");
    private static final CommandError NOT_LOCAL =
            new CommandError("ERR value is out of range, value must between 0 and 1");
    private static final CommandError WAITAOF_ON_REPLICA =
            new CommandError(
                    "ERR WAITAOF cannot be used with replica instances. Please also note that"
                            + " writes to replicas are just local and are not propagated.");
    private static final CommandError NO_FILE = new CommandError(Waiters.NO_FILE);
    private static final byte[] ALREADY_CONNECTED =
            ascii("OK Already connected to specified master");
    private static final byte[] GETACK =
            ascii("*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n");

    private final Replication replication;
    private final ReplicaCommands ofReplicas;

    ReplicationCommands(Replication replication) {
        this.replication = replication;
        this.ofReplicas = new ReplicaCommands(replication);
    }

    List<Command> all() {
        return List.of(
                replicaof("REPLICAOF", "5.0.0"),
                replicaof("SLAVEOF", "1.0.0"),
                role(),
                waiting(),
                waitingForFiles(),
                ofReplicas.psync(),
                ofReplicas.sync(),
                ofReplicas.replconf(),
                ofReplicas.replping());
    }

    private Command replicaof(String name, String since) {
        Command.Builder builder =
                command(name, SERVER)
                        .since(since)
                        .arity(-3)
                        .flags(ADMIN, NOSCRIPT, STALE, NO_ASYNC_LOADING)
                        .syntax("<host port | NO ONE | REMOVE host port>")
                        .summary(
                                "Makes the server a replica of another one, or ends that; links an"
                                        + " active node with a peer, or ends a link.");
        if (name.equals("SLAVEOF")) {
            builder.deprecated("5.0.0", "`REPLICAOF`");
        }
        return builder.handledBy(this::replicaof);
    }

    private void replicaof(Call call) {
        if (call.client().kind() == ClientKind.REPLICA) {
            throw CALLED_BY_REPLICA;
        }
        if (call.count() == 4 && call.is(1, "REMOVE")) {
            remove(new Upstream(call.text(2), port(call, 3)));
            call.reply().ok();
        } else if (call.count() != 3) {
            throw Errors.wrongArity(call.command().fullName());
        } else if (call.is(1, "NO") && call.is(2, "ONE")) {
            end();
            call.reply().ok();
        } else if (begin(new Upstream(call.text(1), port(call, 2)))) {
            call.reply().ok();
        } else {
            call.reply().simple(ALREADY_CONNECTED);
        }
    }

    private static int port(Call call, int argument) {
        long port = call.integer(argument, INVALID_PORT);
        if (port < 0 || port > 65_535) {
            throw INVALID_PORT;
        }
        return (int) port;
    }

    private boolean begin(Upstream upstream) {
        return replication.isActive()
                ? replication.activeNode().add(upstream)
                : replication.plainNode().follow(upstream);
    }

    private void end() {
        if (replication.isActive()) {
            replication.activeNode().removeEvery();
        } else {
            replication.plainNode().lead();
        }
    }

    private void remove(Upstream upstream) {
        if (replication.isActive()) {
            if (!replication.activeNode().remove(upstream)) {
                throw NOT_FOUND;
            }
        } else {
            PrimaryLink primary = replication.primary();
            if (primary == null || !primary.upstream().isSame(upstream.host(), upstream.port())) {
                throw NOT_FOUND;
            }
            replication.plainNode().lead();
        }
    }

    private Command role() {
        return command("ROLE", SERVER)
                .since("2.8.12")
                .arity(1)
                .flags(NOSCRIPT, LOADING, STALE, FAST)
                .categories(AclCategory.ADMIN, AclCategory.DANGEROUS)
                .summary("Tells the role of the server in replication.")
                .handledBy(this::role);
    }

    private void role(Call call) {
        ReplyWriter reply = call.reply();
        List<PeerLink> links = replication.links();
        PrimaryLink primary = replication.primary();
        if (links.size() > 1) {
            reply.array(links.size());
            links.forEach(link -> peer(reply, link));
        } else if (links.size() == 1) {
            peer(reply, links.getFirst());
        } else if (primary != null) {
            reply.array(5);
            reply.bulk("slave");
            reply.bulk(primary.upstream().host());
            reply.integer(primary.upstream().port());
            reply.bulk(primary.state().wireName());
            reply.integer(primary.isUp() ? replication.log().plainOffset() : -1);
        } else {
            primaryRole(reply);
        }
    }

    private void peer(ReplyWriter reply, PeerLink link) {
        reply.array(5);
        reply.bulk("active-replica");
        reply.bulk(link.upstream().host());
        reply.integer(link.upstream().port());
        reply.bulk(
                switch (link.state()) {
                    case CONNECTING -> "connect";
                    case HANDSHAKE -> "handshake";
                    case MERGING -> "sync";
                    case MERGED -> "connected";
                });
        reply.integer(replication.log().plainOffset());
    }

    private void primaryRole(ReplyWriter reply) {
        List<ReplicaSession> online =
                replication.replicas().readers().stream()
                        .filter(session -> session.stage() == ReplicaSession.Stage.ONLINE)
                        .toList();
        reply.array(3);
        reply.bulk("master");
        reply.integer(replication.log().plainOffset());
        reply.array(online.size());
        for (ReplicaSession session : online) {
            reply.array(3);
            reply.bulk(session.address());
            reply.bulk(Integer.toString(session.listeningPort()));
            reply.bulk(Long.toString(session.acknowledgedOffset()));
        }
    }

    private Command waiting() {
        return command("WAIT", GENERIC)
                .since("3.0.0")
                .arity(3)
                .flags()
                .outsideGroupCategory()
                .categories(AclCategory.CONNECTION)
                .syntax("numreplicas timeout")
                .summary("Waits until so many replicas have what was written before.")
                .tips("request_policy:all_shards", "response_policy:agg_min")
                .handledBy(this::waitForReplicas);
    }

    private void waitForReplicas(Call call) {
        if (replication.primary() != null) {
            throw WAIT_ON_REPLICA;
        }
        long wanted = call.integer(1);
        long timeout = call.timeoutMillis(2);
        await(call, new Waiters.Wish(replication.position(), false, false, wanted), timeout);
    }

    private void await(Call call, Waiters.Wish wish, long timeout) {
        Waiters waiters = replication.waiters();
        Connection connection = call.client().connection();
        if (call.inTransaction() || connection == null || waiters.isFulfilled(wish)) {
            waiters.tell(wish, call.reply());
            return;
        }
        askForAcknowledgements(replication);
        waiters.await(connection, wish, timeout);
    }

    private Command waitingForFiles() {
        return command("WAITAOF", GENERIC)
                .since("7.2.0")
                .arity(4)
                .flags(NOSCRIPT)
                .outsideGroupCategory()
                .categories(AclCategory.CONNECTION)
                .syntax("numlocal numreplicas timeout")
                .summary(
                        "Waits until the append-only files of this server and of so many replicas"
                                + " have on disk what was written before.")
                .complexity("O(1)")
                .tips("request_policy:all_shards", "response_policy:agg_min")
                .handledBy(this::waitForFiles);
    }

    private void waitForFiles(Call call) {
        long local = call.integer(1);
        if (local < 0 || local > 1) {
            throw NOT_LOCAL;
        }
        long wanted = call.integer(2, Errors.NOT_POSITIVE);
        if (wanted < 0) {
            throw Errors.NOT_POSITIVE;
        }
        long timeout = call.timeoutMillis(3);
        if (replication.primary() != null) {
            throw WAITAOF_ON_REPLICA;
        }
        Waiters.Wish wish = new Waiters.Wish(replication.position(), true, local == 1, wanted);
        if (replication.waiters().isHopeless(wish)) {
            throw NO_FILE;
        }
        await(call, wish, timeout);
    }

    /** Makes all readers say at once what they have. */
    static void askForAcknowledgements(Replication replication) {
        if (replication.replicas().hasPlainReaders() && replication.primary() == null) {
            replication.log().appendPlain(new ConstantBytes(GETACK));
        }
        for (ReplicaSession session : replication.replicas().readers()) {
            if (session.peer() != null) {
                session.connection()
                        .execute(
                                () -> {
                                    PeerDialect dialect = session.peerDialect();
                                    if (dialect != null) {
                                        dialect.text(PeerFrame.ACK_WANTED, "");
                                        session.connection().flush();
                                    }
                                });
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
