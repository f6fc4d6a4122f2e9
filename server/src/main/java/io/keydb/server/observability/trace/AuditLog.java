package io.keydb.server.observability.trace;

import io.keydb.server.client.Client;
import io.keydb.server.command.Command;
import io.keydb.server.command.KeyFinder;
import io.keydb.server.net.Connection;
import io.keydb.server.resp.Request;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what clients with certificates do: {@code tls-auditlog-blocklist}. One line for each
 * command, with the fingerprint of the certificate and the keys, but no values.
 *
 * <p>Lines are written by a thread of their own, which is there while there are any, so that no
 * event loop waits for a disk; only when very many wait to be written does it wait, as none may be
 * lost.
 *
 * <p>Threads: safe; lines of one client are written in their order.
 */
final class AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int MOST_WAITING = 64 * 1024;

    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicBoolean isWriting = new AtomicBoolean();

    /** Notes a command, if the client is one whose commands are. */
    void note(Client client, Request request, Command command) {
        Connection connection = client.connection();
        String fingerprint = connection == null ? null : connection.auditedAs();
        if (fingerprint != null) {
            add(line(fingerprint, request, command));
        }
    }

    private static String line(String fingerprint, Request request, Command command) {
        StringBuilder keys = new StringBuilder();
        KeyFinder.find(
                command,
                request,
                (i, spec) -> {
                    keys.append(keys.isEmpty() ? ", keys: " : " ");
                    int length = command.keyLength(request, i);
                    MonitorLine.quote(keys, request.address(i), length);
                });
        return "Audit Log: " + fingerprint + ", cmd " + command.fullName() + keys;
    }

    private void add(String line) {
        try {
            lines.put(line);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        if (!isWriting.getAndSet(true)) {
            Thread.ofVirtual().name("audit").start(this::write);
        }
    }

    private void write() {
        do {
            for (String line = lines.poll(); line != null; line = lines.poll()) {
                LOG.info("{}", line);
            }
            isWriting.set(false);
        } while (!lines.isEmpty() && !isWriting.getAndSet(true));
    }
}
