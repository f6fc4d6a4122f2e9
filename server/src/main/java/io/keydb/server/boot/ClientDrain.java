package io.keydb.server.boot;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientKind;
import io.keydb.server.client.Clients;
import io.keydb.server.net.Connection;
import io.keydb.server.support.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Closes the clients of a server that stops, when they have the replies to what they have sent, and
 * at the latest when the grace is over.
 *
 * <p>Threads: confined to the thread that stops the server.
 */
final class ClientDrain {
    private static final long POLL_MILLIS = 5;

    private final Clients clients;
    private final Clock clock;
    private final long deadlineNanos;

    /** The grace begins now. */
    ClientDrain(Clients clients, Clock clock, long graceMillis) {
        this.clients = clients;
        this.clock = clock;
        this.deadlineNanos = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(graceMillis);
    }

    /** Closes clients of some kinds, each when it has its replies. */
    void close(Predicate<ClientKind> which) {
        try {
            while (closeOpen(which) && clock.nanos() < deadlineNanos) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes those that are open; who waits for something would not get it any more. */
    private boolean closeOpen(Predicate<ClientKind> which) {
        boolean isAnyOpen = false;
        for (Client client : clients.all()) {
            Connection connection = client.connection();
            if (which.test(client.kind())) {
                isAnyOpen = true;
                if (connection != null && client.waiting() != null) {
                    connection.close();
                } else if (connection != null) {
                    connection.closeAfterReplies();
                }
            }
        }
        return isAnyOpen;
    }
}
