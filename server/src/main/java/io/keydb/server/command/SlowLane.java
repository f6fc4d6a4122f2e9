package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.LockWait;
import io.keydb.server.net.Connection;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.resp.Request;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Runs requests of connections on workers: the connection is paused and its client lent meanwhile,
 * the reply is written apart, and the event loop sends it.
 *
 * <p>Going to a worker and back costs more than a short script. So a worker that has run one goes
 * on with what the connection has received behind it, for a <em>turn</em>: scripts and commands of
 * a few keys, checked as on the event loop, until there is something else, or time or replies
 * enough. Then others have their turn.
 *
 * <pre>
 *   loop     ─ EVALSHA ─ pause                                     send, resume ─ SUBSCRIBE ...
 *   worker              └─ EVALSHA, GET, EVALSHA, EVALSHA ─ give back ┘
 * </pre>
 *
 * <p>Threads: safe. Of a lent client and a paused connection everything that a request needs
 * belongs to the worker, until it gives them back by a task of the loop.
 */
final class SlowLane {
    /** So long a worker goes on with one connection, though not in the middle of a request. */
    private static final long TURN_NANOS = 500_000;

    /** With so many bytes of replies it does not go on either. */
    private static final long TURN_BYTES = 64 << 10;

    private final Keyspace keyspace;
    private final Conditions conditions;
    private final Workers workers;
    private final MemoryGate memory;
    private final Dispatcher dispatcher;

    /** Calls that no worker uses; workers come and go, their number at a time is limited. */
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    /** How workers wait for locks: until a script takes so long that all others are refused. */
    private final LockWait untilBusy = new UntilBusy();

    SlowLane(
            Keyspace keyspace,
            Conditions conditions,
            Workers workers,
            MemoryGate memory,
            Dispatcher dispatcher) {
        this.keyspace = keyspace;
        this.conditions = conditions;
        this.workers = workers;
        this.memory = memory;
        this.dispatcher = dispatcher;
    }

    /** Has a worker run a request that was admitted. On the loop of its connection. */
    void run(Connection connection, Client client, Request request, Command command) {
        connection.pause();
        client.lend();
        boolean runsScript = Dispatcher.calls(client, command, Command::runsScript);
        Runnable turn =
                () -> {
                    LateReply reply = new LateReply(client);
                    Waiter waiter = null;
                    try {
                        waiter = turn(connection, client, request, reply, command, runsScript);
                    } finally {
                        Waiter waits = waiter;
                        connection.execute(() -> takeBack(connection, client, reply, waits));
                    }
                };
        if (runsScript) {
            workers.executeScript(turn);
        } else {
            workers.execute(turn);
        }
    }

    private @Nullable Waiter turn(
            Connection connection,
            Client client,
            Request request,
            LateReply reply,
            Command command,
            boolean goesOn) {
        Call idle = calls.poll();
        Call call = idle == null ? dispatcher.newCall() : idle;
        keyspace.lockWait(untilBusy);
        call.lateReply(reply);
        try {
            dispatcher.begin(call);
            long began = call.lapStart();
            execute(call, client, request, reply.writer(), command);
            Waiter waiter = call.takeWaiter();
            if (goesOn && waiter == null) {
                goOn(call, connection, client, reply.writer(), began + TURN_NANOS);
            }
            return waiter;
        } finally {
            call.lateReply(null);
            keyspace.lockWait(null);
            calls.add(call);
        }
    }

    private void execute(
            Call call, Client client, Request request, ReplyWriter reply, Command command) {
        CommandError busy = conditions.busy();
        if (busy != null && !command.has(CommandFlag.ALLOW_BUSY)) {
            dispatcher.refuse(call, client, reply, command, busy.text());
        } else if (memory.waitForRoom(client)) {
            dispatcher.execute(call, client, request, reply, command);
        } else {
            dispatcher.refuse(call, client, reply, command, Errors.OUT_OF_MEMORY.text());
        }
    }

    /** Runs the requests behind the first one, as long as they are of the kind to do so. */
    private void goOn(
            Call call, Connection connection, Client client, ReplyWriter reply, long end) {
        while (call.lapStart() < end && reply.length() < TURN_BYTES && isUsual(client)) {
            Request request = connection.peekWhilePaused();
            Command command = request == null ? null : dispatcher.follower(request);
            if (request == null || command == null) {
                return;
            }
            connection.takeWhilePaused();
            dispatcher.begin(call);
            byte[] refusal = dispatcher.refusal(command, client, request);
            if (refusal == null) {
                execute(call, client, request, reply, command);
            } else {
                dispatcher.refuse(call, client, reply, command, refusal);
            }
        }
    }

    /** Whether nothing keeps a request of the client from being run as soon as it is there. */
    private boolean isUsual(Client client) {
        return !client.isUnusual()
                && !client.isKilled()
                && !client.transaction().isOpen()
                && !conditions.isPaused();
    }

    /** Back on the event loop: what the worker replied is sent, the connection goes on. */
    private static void takeBack(
            Connection connection, Client client, LateReply reply, @Nullable Waiter waiter) {
        boolean isClosed = client.giveBack();
        if (waiter != null && !isClosed) {
            reply.close();
            waiter.park(connection);
            client.releasePushes();
            return;
        }
        if (waiter != null) {
            waiter.abandon();
        } else if (!isClosed) {
            send(connection, client, reply);
            return;
        }
        resume(connection, client, reply);
    }

    /** Sends a reply a piece at a time; other connections have their turn in between. */
    private static void send(Connection connection, Client client, LateReply reply) {
        boolean more = !connection.isClosed() && reply.sendPiece(client, connection);
        if (more) {
            connection.flush();
            connection.execute(() -> send(connection, client, reply));
            return;
        }
        if (!connection.isClosed()) {
            Dispatcher.ended(client, connection.reply());
            connection.flush();
        }
        resume(connection, client, reply);
    }

    private static void resume(Connection connection, Client client, LateReply reply) {
        reply.close();
        client.releasePushes();
        connection.resume();
    }

    private final class UntilBusy implements LockWait {
        private static final long CHECK_NANOS = 20_000_000;

        @Override
        public long nanos() {
            return CHECK_NANOS;
        }

        @Override
        public void waited() {
            CommandError busy = conditions.busy();
            if (busy != null) {
                throw busy;
            }
        }
    }
}
