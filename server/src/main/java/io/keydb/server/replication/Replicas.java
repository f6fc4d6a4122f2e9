package io.keydb.server.replication;

import io.keydb.server.client.Client;
import io.keydb.server.log.LogEnd;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.net.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The connections that read from this node.
 *
 * <p>Threads: safe.
 */
final class Replicas {
    private final Map<Long, ReplicaSession> sessions = new ConcurrentHashMap<>();
    private final LongAdder sentToFormer = new LongAdder();

    /** The session of a client, made when it is the first time. */
    ReplicaSession session(Client client, long nowMillis) {
        Connection connection = Objects.requireNonNull(client.connection());
        return sessions.computeIfAbsent(
                client.id(), id -> new ReplicaSession(client, connection, nowMillis));
    }

    @Nullable ReplicaSession find(Client client) {
        return sessions.get(client.id());
    }

    /** All that have asked for the log, in the order in which they connected. */
    List<ReplicaSession> readers() {
        List<ReplicaSession> readers = new ArrayList<>();
        for (ReplicaSession session : sessions.values()) {
            if (session.isReader() && !session.connection().isClosed()) {
                readers.add(session);
            }
        }
        readers.sort(Comparator.comparingLong(session -> session.client().id()));
        return readers;
    }

    Collection<ReplicaSession> all() {
        return sessions.values();
    }

    boolean hasPlainReaders() {
        for (ReplicaSession session : sessions.values()) {
            if (session.isPlainReader()) {
                return true;
            }
        }
        return false;
    }

    /** Bytes sent to readers since the start; a moment late. */
    long bytesSent() {
        long sum = sentToFormer.sum();
        for (ReplicaSession session : sessions.values()) {
            sum += session.isReader() ? session.connection().bytesSent() : 0;
        }
        return sum;
    }

    /** Forgets those whose connection is gone. */
    void sweep() {
        for (ReplicaSession session : sessions.values()) {
            if (session.connection().isClosed()) {
                if (sessions.remove(session.client().id()) != null && session.isReader()) {
                    sentToFormer.add(session.connection().bytesSent());
                }
                session.connection().execute(session::release);
            }
        }
    }

    /** Closes the connections of plain replicas; they come back and sync again. */
    void disconnectPlain() {
        sessions.values().stream()
                .filter(ReplicaSession::isPlainReader)
                .forEach(session -> session.connection().close());
    }

    /** As {@link #disconnectPlain()}, when they have been sent what is in the log up to now. */
    void dismissPlain(OrderedLog log) {
        if (hasPlainReaders()) {
            LogEnd last = log.end();
            sessions.values().stream()
                    .filter(ReplicaSession::isPlainReader)
                    .forEach(session -> session.connection().execute(() -> session.finish(last)));
        }
    }

    /** Readers that are online and were heard of within {@code mostLagMillis}. */
    int good(long nowMillis, long mostLagMillis) {
        int good = 0;
        for (ReplicaSession session : readers()) {
            if (session.stage() == ReplicaSession.Stage.ONLINE
                    && nowMillis - session.lastHeardMillis() <= mostLagMillis) {
                good++;
            }
        }
        return good;
    }
}
