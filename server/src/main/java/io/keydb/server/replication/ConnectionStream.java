package io.keydb.server.replication;

import io.keydb.server.net.Connection;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends pieces from another thread over a connection, and waits while too much is on its way.
 *
 * <p>Threads: confined to one thread, which is not an event loop.
 */
final class ConnectionStream implements SyncStream {
    /** So much may be on its way. */
    private static final long MOST_PENDING_BYTES = 4 << 20;

    private static final long PAUSE_NANOS = 1_000_000;

    private final Connection connection;
    private final AtomicLong handedOver = new AtomicLong();

    ConnectionStream(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void send(byte[] piece) throws IOException {
        awaitRoom();
        handedOver.addAndGet(piece.length);
        connection.execute(
                () -> {
                    if (!connection.isClosed()) {
                        connection.reply().raw(piece);
                        connection.flush();
                    }
                    handedOver.addAndGet(-piece.length);
                });
    }

    private void awaitRoom() throws IOException {
        while (handedOver.get() + connection.pendingOutputBytes() > MOST_PENDING_BYTES) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("the server stops");
            }
            if (connection.isClosed()) {
                break;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        if (connection.isClosed()) {
            throw new IOException("the connection was lost");
        }
    }
}
