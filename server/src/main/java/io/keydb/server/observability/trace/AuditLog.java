package io.keydb.server.observability.trace;

import io.keydb.server.client.Client;
import io.keydb.server.command.Command;
import io.keydb.server.command.KeyFinder;
import io.keydb.server.net.Audit;
import io.keydb.server.net.Connection;
import io.keydb.server.resp.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what clients with certificates do: {@code tls-auditlog-blocklist}. One line for each
 * connection says whether its commands are noted; then one for each of them, with the fingerprint
 * of the certificate and the keys, but no values.
 *
 * <p>Threads: safe; never waits, see {@link AuditQueue}.
 */
final class AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    /** Keys beyond so many characters of a line are left out. */
    private static final int MOST_KEY_CHARS = 1 << 20;

    private final AuditQueue queue = new AuditQueue(line -> LOG.info("{}", line));

    /** A client has connected. */
    void connected(Client client) {
        Connection connection = client.connection();
        Audit audit = connection == null ? null : connection.audit();
        if (connection != null && audit != null) {
            String state = audit.isOn() ? "enabled" : "disabled";
            queue.add("Audit Log: " + state + " for " + audit.fingerprint(), connection);
        }
    }

    /** Notes a command, if the client is one whose commands are. */
    void note(Client client, Request request, Command command) {
        Connection connection = client.connection();
        Audit audit = connection == null ? null : connection.audit();
        if (connection != null && audit != null && audit.isOn()) {
            queue.add(line(audit.fingerprint(), request, command), connection);
        }
    }

    private static String line(String fingerprint, Request request, Command command) {
        StringBuilder keys = new StringBuilder();
        KeyFinder.find(
                command,
                request,
                (i, spec) -> {
                    int room = MOST_KEY_CHARS - keys.length();
                    if (room > 0) {
                        keys.append(keys.isEmpty() ? ", keys: " : " ");
                        int length = Math.min(command.keyLength(request, i), room);
                        MonitorLine.quote(keys, request.address(i), length);
                    }
                });
        if (keys.length() >= MOST_KEY_CHARS) {
            keys.append(" ...");
        }
        return "Audit Log: " + fingerprint + ", cmd " + command.fullName() + keys;
    }

    /** Waits a moment for what is left to be written. */
    void close() {
        queue.close();
    }
}
