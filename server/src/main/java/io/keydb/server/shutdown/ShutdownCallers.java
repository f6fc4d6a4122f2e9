package io.keydb.server.shutdown;

import io.keydb.server.client.Client;
import io.keydb.server.client.Waiting;
import io.keydb.server.net.Connection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The clients that have called SHUTDOWN, with their connections parked. They get a reply only when
 * the server does not end.
 *
 * <p>Threads: safe; a connection is touched on its loop.
 */
final class ShutdownCallers {
    private static final byte[] FAILED =
            "ERR Errors trying to SHUTDOWN. Check logs.".getBytes(StandardCharsets.US_ASCII);

    private final List<Caller> all = new CopyOnWriteArrayList<>();

    int count() {
        return all.size();
    }

    /** The client waits from now on. On the loop of its connection. */
    void add(Client client) {
        Connection connection = client.connection();
        if (connection != null) {
            connection.park();
            Caller caller = new Caller(client, connection);
            client.waiting(caller);
            all.add(caller);
        }
    }

    /** The server does not end. */
    void fail() {
        all.forEach(caller -> caller.fail(FAILED));
    }

    private final class Caller implements Waiting {
        private final Client client;
        private final Connection connection;
        private final AtomicBoolean isOver = new AtomicBoolean();

        Caller(Client client, Connection connection) {
            this.client = client;
            this.connection = connection;
        }

        @Override
        public boolean timeOut() {
            return false;
        }

        @Override
        public boolean fail(byte[] error) {
            if (!ends()) {
                return false;
            }
            connection.execute(
                    () -> {
                        if (!connection.isClosed()) {
                            connection.reply().error(error);
                        }
                        connection.resume();
                    });
            return true;
        }

        @Override
        public void connectionLost() {
            if (ends()) {
                connection.resume();
            }
        }

        private boolean ends() {
            if (!isOver.compareAndSet(false, true)) {
                return false;
            }
            all.remove(this);
            client.waiting(null);
            return true;
        }
    }
}
