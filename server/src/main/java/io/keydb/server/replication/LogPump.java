package io.keydb.server.replication;

import io.keydb.server.log.LogEnd;
import io.keydb.server.log.LogReader;
import io.keydb.server.net.Connection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the log to one reader: an entry after the other into the connection's replies, as fast as
 * the socket takes them and no faster. What does not go out stays in the log.
 *
 * <p>Threads: {@link #wake} from any thread; the rest confined to the connection's event loop.
 */
final class LogPump {
    private static final Logger LOG = LoggerFactory.getLogger(LogPump.class);
    private static final long MOST_PENDING_BYTES = 16 * 1024;
    private static final long FLUSHED_BYTES = 16 * 1024;
    private static final long RETRY_MILLIS = 2;

    private final Connection connection;
    private final Dialect dialect;
    private @Nullable LogReader reader;
    private boolean isRetryDue;
    private volatile boolean isStarted;
    private volatile long sentOffset;

    /** How entries look on the wire. */
    interface Dialect {
        /** Whether entries may be sent now; otherwise the pump waits for the next wake-up. */
        boolean isReady();

        /** Writes the present entry of the reader. */
        void write(LogReader entry);
    }

    LogPump(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /** Something new is in the log, or what held the pump up is gone. Only schedules. */
    void wake() {
        if (isStarted) {
            connection.execute(this::pump);
        }
    }

    /** Plain bytes of the history that were handed to the connection. Any thread. */
    long sentOffset() {
        return sentOffset;
    }

    /** Begins to send from where the reader is, which has all plain bytes before this offset. */
    void start(LogReader from, long offset) {
        sentOffset = offset;
        if (connection.isClosed()) {
            from.close();
            return;
        }
        reader = from;
        isStarted = true;
        pump();
    }

    /** Stops, until the next {@link #start}. */
    void stop() {
        isStarted = false;
        LogReader current = reader;
        if (current != null) {
            reader = null;
            current.close();
        }
    }

    /**
     * Sends what is left up to there, as far as the socket takes it, and ends the connection. On
     * its event loop.
     */
    void finish(LogEnd last) {
        LogReader current = reader;
        if (current == null || connection.isClosed()) {
            connection.close();
            return;
        }
        current.endAt(last);
        pump();
        stop();
        connection.closeAfterReplies();
    }

    private void pump() {
        LogReader current = reader;
        if (current == null) {
            return;
        }
        if (connection.isClosed()) {
            stop();
            return;
        }
        if (current.isOverrun()) {
            LOG.warn(
                    "{} is too far behind; it is disconnected and will sync again",
                    connection.remoteText());
            stop();
            connection.close();
            return;
        }
        if (isFull()) {
            pumpLater(); // and nobody wakes it before
            return;
        }
        current.arm();
        boolean isFull = false;
        long sent = sentOffset;
        while (!isFull && dialect.isReady() && current.next()) {
            dialect.write(current);
            sent = current.plainOffset() + current.plainLength();
            if (connection.reply().length() > FLUSHED_BYTES) {
                connection.flush();
                isFull = isFull();
            }
        }
        sentOffset = sent;
        connection.flush();
        if (isFull) {
            pumpLater();
        }
    }

    private boolean isFull() {
        return connection.pendingOutputBytes() > MOST_PENDING_BYTES;
    }

    private void pumpLater() {
        if (!isRetryDue) {
            isRetryDue = true;
            connection.eventLoop().schedule(this::pumpAgain, RETRY_MILLIS);
        }
    }

    private void pumpAgain() {
        isRetryDue = false;
        pump();
    }
}
