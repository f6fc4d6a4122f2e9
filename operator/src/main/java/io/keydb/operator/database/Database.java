package io.keydb.operator.database;

import java.io.IOException;

/** The questions asked of a server, and the commands given to it. Each is one bounded exchange. */
public interface Database {
    /** How many clients were disconnected, and what the server held afterwards. */
    record Disconnection(long clients, ReplicationInfo replication) {}

    /** Asks how the member replicates. */
    Report ask(Endpoint member, Credentials credentials) throws IOException;

    /** Makes the member receive the writes of {@code peer}; without effect when it does already. */
    void link(Endpoint member, Credentials credentials, Endpoint peer) throws IOException;

    /** Makes the member forget {@code peer}; without effect when it does not know it. */
    void unlink(Endpoint member, Credentials credentials, Endpoint peer) throws IOException;

    /** Closes the connections of all clients that are neither replicas nor the operator. */
    Disconnection disconnectClients(Endpoint member, Credentials credentials) throws IOException;

    /** Gives the member the current password, for clients and for its links. */
    void changePassword(Endpoint member, Credentials credentials) throws IOException;
}
