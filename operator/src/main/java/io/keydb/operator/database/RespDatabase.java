package io.keydb.operator.database;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/**
 * Asks over the network, with one short connection per question: the operator asks once a second,
 * and a connection that is kept would be one more thing to watch.
 *
 * <p>Threads: safe, it has no state.
 */
public final class RespDatabase implements Database {
    private final Clock clock;
    private final Duration timeout;

    /** Every exchange takes at most {@code timeout}, connecting included. */
    public RespDatabase(Clock clock, Duration timeout) {
        this.clock = clock;
        this.timeout = timeout;
    }

    private record Session(RespConnection connection, boolean knowsPassword)
            implements AutoCloseable {
        @Override
        public void close() throws IOException {
            connection.close();
        }
    }

    @Override
    public Report ask(Endpoint member, Credentials credentials) throws IOException {
        var askedAt = clock.instant();
        try (var session = open(member, credentials)) {
            return new Report(askedAt, session.knowsPassword(), replication(session));
        }
    }

    @Override
    public void link(Endpoint member, Credentials credentials, Endpoint peer) throws IOException {
        try (var session = open(member, credentials)) {
            session.connection().call("REPLICAOF", peer.host(), Integer.toString(peer.port()));
        }
    }

    @Override
    public void unlink(Endpoint member, Credentials credentials, Endpoint peer) throws IOException {
        try (var session = open(member, credentials)) {
            var port = Integer.toString(peer.port());
            session.connection().call("REPLICAOF", "REMOVE", peer.host(), port);
        } catch (DatabaseException e) {
            if (!String.valueOf(e.getMessage()).contains("Master not found")) {
                throw e;
            }
        }
    }

    @Override
    public Disconnection disconnectClients(Endpoint member, Credentials credentials)
            throws IOException {
        try (var session = open(member, credentials)) {
            var killed =
                    session.connection()
                            .callForWhole("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            return new Disconnection(killed, replication(session));
        }
    }

    @Override
    public void changePassword(Endpoint member, Credentials credentials) throws IOException {
        var password = credentials.current().orElseThrow().value();
        try (var session = open(member, credentials)) {
            session.connection().call("CONFIG", "SET", "masterauth", password);
            session.connection().call("CONFIG", "SET", "requirepass", password);
        }
    }

    private static ReplicationInfo replication(Session session) throws IOException {
        var info = session.connection().callForText("INFO", "replication");
        try {
            return ReplicationInfo.parse(info);
        } catch (IllegalArgumentException e) {
            throw new DatabaseException("INFO replication is not understood: " + e.getMessage());
        }
    }

    /**
     * Logs in with the current password, or with the one before when the member does not know the
     * current one yet.
     */
    private Session open(Endpoint member, Credentials credentials) throws IOException {
        var connection = RespConnection.open(member, timeout);
        try {
            return new Session(connection, logIn(connection, credentials));
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static boolean logIn(RespConnection connection, Credentials credentials)
            throws IOException {
        if (credentials.current().isEmpty()) {
            return true;
        }
        try {
            connection.call("AUTH", credentials.current().get().value());
            return true;
        } catch (DatabaseException e) {
            if (!e.isRefusedPassword() || credentials.previous().isEmpty()) {
                throw e;
            }
        }
        connection.call("AUTH", credentials.previous().get().value());
        return false;
    }
}
