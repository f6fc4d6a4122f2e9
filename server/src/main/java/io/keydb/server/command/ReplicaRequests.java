package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.net.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a replica must not ask for: it takes all that it is sent for the stream of its primary, so a
 * reply would be a command to it. Such a replica is disconnected and syncs again.
 *
 * <p>Threads: on the event loop of the client's connection.
 */
final class ReplicaRequests {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaRequests.class);

    private ReplicaRequests() {}

    /** Refuses a command about keys, with an error that nobody will read. */
    static byte[] refusal(Client client, Command command) {
        LOG.warn(
                "== CRITICAL == This master is sending an error to its replica: 'Replica can't"
                        + " interact with the keyspace' after processing the command '{}'",
                command.fullName());
        answered(client, command.fullName());
        return Errors.MONITOR_AND_KEYS.text();
    }

    /** A reply to this command is dropped with the connection. */
    static void answered(Client client, String command) {
        LOG.warn(
                "Replica generated a reply to command '{}', disconnecting it: client {}",
                command,
                client.id());
        Connection connection = client.connection();
        if (connection != null) {
            connection.close();
        }
    }
}
