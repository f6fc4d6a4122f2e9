package io.keydb.server.replication;

import io.keydb.server.log.SyncedFile;
import io.keydb.server.net.Connection;
import io.keydb.server.resp.ReplyWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Clients that wait until enough readers have what was written (WAIT), or have it on their disks
 * (WAITAOF). Their connections are paused meanwhile.
 *
 * <p>Threads: safe; a waiter is answered once, on the loop of its connection.
 */
final class Waiters {
    /** What a client hears that waits for a file which is no longer there. */
    static final byte[] NO_FILE =
            ("ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.")
                    .getBytes(StandardCharsets.US_ASCII);

    private final List<Waiter> waiting = new CopyOnWriteArrayList<>();
    private final Replicas replicas;
    private volatile SyncedFile file = SyncedFile.NONE;

    Waiters(Replicas replicas) {
        this.replicas = replicas;
    }

    /** The append-only file of this node. */
    void file(SyncedFile own) {
        file = own;
    }

    /**
     * What readers must have: so many plain bytes, or the unit of this node with this number; and
     * the file of this node: so many entries of the log.
     */
    record Target(long offset, long number, long position) {
        boolean isReachedBy(ReplicaSession session) {
            return session.stage() == ReplicaSession.Stage.ONLINE
                    && (session.peer() == null
                            ? session.acknowledgedOffset() >= offset
                            : session.acknowledgedNumber() >= number);
        }

        /** How far the reader is from it: in bytes, or a peer in units. */
        long missing(ReplicaSession session) {
            return session.peer() == null
                    ? offset - session.acknowledgedOffset()
                    : number - session.acknowledgedNumber();
        }

        private boolean isOnDiskOf(ReplicaSession session) {
            return session.stage() == ReplicaSession.Stage.ONLINE
                    && (session.peer() == null
                            ? session.syncedOffset() >= offset
                            : session.syncedNumber() >= number);
        }
    }

    /**
     * What a client waits for.
     *
     * @param onDisk whether copies count on disks only: WAITAOF
     * @param local whether the file of this node is to have it
     * @param replicas how many readers are to have it
     */
    record Wish(Target target, boolean onDisk, boolean local, long replicas) {}

    private record Waiter(Connection connection, Wish wish, AtomicBoolean isAnswered) {}

    /** How many readers have what is wished for. */
    int reached(Wish wish) {
        int count = 0;
        for (ReplicaSession session : replicas.readers()) {
            boolean has =
                    wish.onDisk()
                            ? wish.target().isOnDiskOf(session)
                            : wish.target().isReachedBy(session);
            count += has ? 1 : 0;
        }
        return count;
    }

    private boolean isLocal(Wish wish) {
        return file.isOn() && file.syncedPosition() >= wish.target().position();
    }

    /** Whether the wish is fulfilled. */
    boolean isFulfilled(Wish wish) {
        return (!wish.local() || isLocal(wish)) && reached(wish) >= wish.replicas();
    }

    /** Says how far it is fulfilled. */
    void tell(Wish wish, ReplyWriter reply) {
        if (wish.onDisk()) {
            reply.array(2);
            reply.integer(isLocal(wish) ? 1 : 0);
        }
        reply.integer(reached(wish));
    }

    /** Whether the wish cannot be fulfilled, because there is no file. */
    boolean isHopeless(Wish wish) {
        return wish.local() && !file.isOn();
    }

    /** Holds the connection up until the wish is fulfilled, or the time is over. On its loop. */
    void await(Connection connection, Wish wish, long timeoutMillis) {
        connection.pause();
        Waiter waiter = new Waiter(connection, wish, new AtomicBoolean());
        waiting.add(waiter);
        if (timeoutMillis > 0) {
            connection.eventLoop().schedule(() -> answer(waiter, null), timeoutMillis);
        }
        check();
    }

    /** A reader or the disk has acknowledged something, or a connection may have been lost. */
    void check() {
        for (Waiter waiter : waiting) {
            if (isHopeless(waiter.wish())) {
                answer(waiter, NO_FILE);
            } else if (waiter.connection().isClosed() || isFulfilled(waiter.wish())) {
                answer(waiter, null);
            }
        }
    }

    /** How many clients wait. */
    int count() {
        return waiting.size();
    }

    /** Nobody waits any longer. */
    void answerAll() {
        waiting.forEach(waiter -> answer(waiter, null));
    }

    /** Nobody waits any longer: all hear an error, and their connections end. */
    void failAll(byte[] error) {
        for (Waiter waiter : waiting) {
            answer(waiter, error);
            waiter.connection().closeAfterReplies();
        }
    }

    private void answer(Waiter waiter, byte @Nullable [] error) {
        if (!waiter.isAnswered().compareAndSet(false, true)) {
            return;
        }
        waiting.remove(waiter);
        Connection connection = waiter.connection();
        connection.execute(
                () -> {
                    if (!connection.isClosed() && error != null) {
                        connection.reply().error(error);
                    } else if (!connection.isClosed()) {
                        tell(waiter.wish(), connection.reply());
                    }
                    connection.resume();
                });
    }
}
