package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.net.Connection;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and logs the clients that were disconnected because of a limit of their buffers.
 *
 * <p>Threads: safe.
 */
public final class Disconnections {
    private static final Logger LOG = LoggerFactory.getLogger(Disconnections.class);

    private final LongAdder ofInput = new LongAdder();
    private final LongAdder ofOutput = new LongAdder();

    Disconnections() {}

    /** A connection has ended. */
    void ended(Client client, Connection connection) {
        switch (connection.closeCause()) {
            case INPUT_LIMIT -> {
                ofInput.increment();
                LOG.warn(
                        "Closing client that reached max query buffer length: id={} addr={}",
                        client.id(),
                        client.address());
            }
            case OUTPUT_LIMIT -> {
                ofOutput.increment();
                LOG.warn(
                        "Closing client that reached its output buffer limit: id={} addr={}",
                        client.id(),
                        client.address());
            }
            default -> {
                // no limit had to do with it
            }
        }
    }

    /** Clients whose unread input was beyond {@code client-query-buffer-limit}. */
    public long ofInput() {
        return ofInput.sum();
    }

    /** Clients whose unsent replies were beyond {@code client-output-buffer-limit}. */
    public long ofOutput() {
        return ofOutput.sum();
    }

    void reset() {
        ofInput.reset();
        ofOutput.reset();
    }
}
