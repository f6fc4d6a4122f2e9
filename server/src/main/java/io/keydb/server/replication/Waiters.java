package io.keydb.server.replication;

import io.keydb.server.net.Connection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Clients that wait until enough readers have what was written: WAIT. Their connections are paused
 * meanwhile.
 *
 * <p>Threads: safe; a waiter is answered once, on the loop of its connection.
 */
final class Waiters {
    private final List<Waiter> waiting = new CopyOnWriteArrayList<>();
    private final Replicas replicas;

    Waiters(Replicas replicas) {
        this.replicas = replicas;
    }

    /** What readers must have: so many plain bytes, or the unit of this node with this number. */
    record Target(long offset, long number) {
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
    }

    private record Waiter(
            Connection connection, Target target, long wanted, AtomicBoolean isAnswered) {}

    /** How many readers have reached the target. */
    int reached(Target target) {
        int count = 0;
        for (ReplicaSession session : replicas.readers()) {
            if (target.isReachedBy(session)) {
                count++;
            }
        }
        return count;
    }

    /**
     * Holds the connection up until {@code wanted} readers have reached the target, or the time is
     * over. On its loop.
     */
    void await(Connection connection, Target target, long wanted, long timeoutMillis) {
        connection.pause();
        Waiter waiter = new Waiter(connection, target, wanted, new AtomicBoolean());
        waiting.add(waiter);
        if (timeoutMillis > 0) {
            connection.eventLoop().schedule(() -> answer(waiter), timeoutMillis);
        }
        check();
    }

    /** A reader has acknowledged something, or a connection may have been lost. */
    void check() {
        for (Waiter waiter : waiting) {
            if (waiter.connection().isClosed() || reached(waiter.target()) >= waiter.wanted()) {
                answer(waiter);
            }
        }
    }

    /** Nobody waits any longer. */
    void answerAll() {
        waiting.forEach(this::answer);
    }

    private void answer(Waiter waiter) {
        if (!waiter.isAnswered().compareAndSet(false, true)) {
            return;
        }
        waiting.remove(waiter);
        int count = reached(waiter.target());
        Connection connection = waiter.connection();
        connection.execute(
                () -> {
                    if (!connection.isClosed()) {
                        connection.reply().integer(count);
                    }
                    connection.resume();
                });
    }
}
