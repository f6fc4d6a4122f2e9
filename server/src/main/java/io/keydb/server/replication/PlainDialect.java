package io.keydb.server.replication;

import io.keydb.server.log.LogReader;
import io.keydb.server.net.Connection;

/**
 * The log as a stock primary sends it: the plain bytes from an offset on.
 *
 * <p>Threads: confined to the connection's event loop.
 */
final class PlainDialect implements LogPump.Dialect {
    private final Connection connection;
    private final long from;

    PlainDialect(Connection connection, long from) {
        this.connection = connection;
        this.from = from;
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void write(LogReader entry) {
        long skipped = Math.clamp(from - entry.plainOffset(), 0, entry.plainLength());
        if (skipped < entry.plainLength()) {
            connection.reply().raw(entry.plainAddress() + skipped, entry.plainLength() - skipped);
        }
    }
}
