package io.keydb.server.replication;

import io.keydb.server.log.LogReader;
import io.keydb.server.net.Connection;
import io.keydb.server.support.Clock;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
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
    private final LogReader reader;
    private final Clock clock;
    private final long timeoutMillis;
    private final AtomicLong handedOver = new AtomicLong();

    /**
     * @param reader the place in the log that is kept for what comes behind the pieces
     * @param timeoutMillis how long a receiver may take nothing at all
     */
    ConnectionStream(Connection connection, LogReader reader, Clock clock, long timeoutMillis) {
        this.connection = connection;
        this.reader = reader;
        this.clock = clock;
        this.timeoutMillis = timeoutMillis;
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
        long pending = pendingBytes();
        long deadline = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        check();
        while (pending > MOST_PENDING_BYTES) {
            LockSupport.parkNanos(PAUSE_NANOS);
            check();
            long now = pendingBytes();
            if (now < pending) {
                deadline = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            } else if (clock.nanos() > deadline) {
                throw new IOException("it takes nothing any more");
            }
            pending = now;
        }
    }

    private long pendingBytes() {
        return handedOver.get() + connection.pendingOutputBytes();
    }

    private void check() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new IOException("the server stops");
        }
        if (connection.isClosed()) {
            throw new IOException("the connection was lost");
        }
        if (reader.isOverrun()) {
            throw new IOException("more was written meanwhile than the log keeps");
        }
    }
}
