package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.client.Waiting;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.KeyWait;
import io.keydb.server.keyspace.KeyWaiter;
import io.keydb.server.net.Connection;
import io.keydb.server.resp.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A blocked client: its command, to be run again, and what must happen for that.
 *
 * <pre>
 *   WAITING ── served, timed out, failed, connection lost (under the locks of all its keys) ──► OVER
 *      reply ──► on the loop of its connection: sent, connection resumed
 * </pre>
 *
 * <p>A command that waits may have begun on a worker; then its reply may come before the loop knows
 * that the connection is parked, and is kept until then.
 *
 * <p>Threads: the state is guarded by the locks of its keys; what concerns the connection is
 * confined to the connection's event loop.
 */
final class Waiter implements KeyWaiter, Waiting {
    private static final long RETRY_MILLIS = 10;

    private final Blocking blocking;
    private final Client client;
    private final Command command;
    private final BlockTerms terms;
    private final long partitions;
    private final @Nullable ReplyPort port;
    private final KeptRequest request;
    private final List<KeyWait> waits = new ArrayList<>(1);
    private boolean isOver;
    private long spentNanos;

    private boolean isParked;
    private boolean isAbandoned;
    private @Nullable LateReply early;
    private @Nullable Future<?> timer;

    Waiter(Blocking blocking, Call call, long partitions) {
        this.blocking = blocking;
        this.client = call.client();
        this.command = call.command();
        this.terms = call.blockTerms();
        this.port = call.replyPort();
        this.partitions = partitions;
        this.request = new KeptRequest(call.request());
        this.spentNanos = call.spentNanos();
    }

    Client client() {
        return client;
    }

    Command command() {
        return command;
    }

    BlockTerms terms() {
        return terms;
    }

    /** The partitions of all keys of the command. */
    long partitions() {
        return partitions;
    }

    @Override
    public int type() {
        return terms.type();
    }

    @Override
    public boolean wakesWithoutValue() {
        return terms.wakesWithoutValue();
    }

    // ---- under the locks of its keys

    void waitFor(Key key) {
        waits.add(client.database().await(key, this));
    }

    boolean isOver() {
        return isOver;
    }

    /** What its runs have taken so far. */
    long spentNanos() {
        return spentNanos;
    }

    void spentNanos(long nanos) {
        spentNanos = nanos;
    }

    void load(Request into) {
        request.load(into);
    }

    /** Leaves all queues and frees the request. */
    void over() {
        isOver = true;
        waits.forEach(KeyWait::end);
        waits.clear();
        request.close();
        client.waiting(null);
    }

    // ---- from outside

    @Override
    public boolean timeOut() {
        return blocking.end(this, reply -> reply.nullArray(), null);
    }

    @Override
    public boolean fail(byte[] error) {
        return blocking.end(this, reply -> reply.error(error), error);
    }

    @Override
    public void connectionLost() {
        whenLocked(
                () -> {
                    if (blocking.cancel(this) && isParked) {
                        unpark();
                    }
                });
    }

    /**
     * Runs this under the locks of its keys. An event loop waits for them by trying again later, as
     * a script may have them for long.
     */
    private void whenLocked(Runnable ending) {
        Connection connection = client.connection();
        if (connection == null || !connection.inEventLoop()) {
            ending.run();
        } else if (blocking.lockSoon(this)) {
            try {
                ending.run();
            } finally {
                blocking.unlock(this);
            }
        } else {
            connection.eventLoop().schedule(() -> whenLocked(ending), RETRY_MILLIS);
        }
    }

    // ---- the connection

    /** The reply is there. Any thread. */
    void deliver(LateReply reply) {
        Connection connection = client.connection();
        if (connection != null) {
            connection.execute(() -> delivered(connection, reply));
        } else {
            if (port != null) {
                port.reply(reply.writer().bytes());
            }
            reply.close();
        }
    }

    private void delivered(Connection connection, LateReply reply) {
        if (isParked) {
            send(connection, reply);
        } else if (isAbandoned) {
            reply.close();
        } else {
            early = reply;
        }
    }

    private void send(Connection connection, LateReply reply) {
        if (!connection.isClosed()) {
            reply.send(client, connection);
            Dispatcher.ended(client, connection.reply());
            client.releasePushes();
        }
        reply.close();
        unpark();
    }

    /** Pauses the connection for as long as it takes. On its loop. */
    void park(Connection connection) {
        connection.park();
        isParked = true;
        LateReply reply = early;
        if (reply != null) {
            early = null;
            send(connection, reply);
            return;
        }
        if (terms.timeoutMillis() > 0) {
            timer =
                    connection
                            .eventLoop()
                            .schedule(() -> whenLocked(this::timeOut), terms.timeoutMillis());
        }
        if (connection.isClosed()) {
            abandon();
            unpark();
        } else if (connection.isInputEnded()) {
            connection.close(); // nobody is there to be answered
        }
    }

    /** The connection was closed before it could be parked. On its loop. */
    void abandon() {
        isAbandoned = true;
        whenLocked(() -> blocking.cancel(this));
        LateReply reply = early;
        if (reply != null) {
            early = null;
            reply.close();
        }
    }

    private void unpark() {
        isParked = false;
        isAbandoned = true;
        if (timer != null) {
            timer.cancel(false);
        }
        Connection connection = client.connection();
        if (connection != null) {
            connection.resume();
        }
    }
}
