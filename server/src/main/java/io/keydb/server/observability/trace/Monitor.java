package io.keydb.server.observability.trace;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientState;
import io.keydb.server.net.Connection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client that is shown every command, and what it is still to be sent.
 *
 * <p>Threads: lines may come from any thread; they are sent on the event loop of the client's
 * connection. Begun and ended by the thread that serves the client.
 */
final class Monitor implements ClientState {
    private final Monitors monitors;
    private final Client client;
    private final Connection connection;
    private final Queue<byte[]> lines = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isSending = new AtomicBoolean();

    Monitor(Monitors monitors, Client client, Connection connection) {
        this.monitors = monitors;
        this.client = client;
        this.connection = connection;
    }

    void begin() {
        client.monitor(true);
        monitors.add(this);
    }

    @Override
    public void ended() {
        monitors.remove(this);
        client.monitor(false);
    }

    /** Puts a line into the queue and sees to it that it is sent. Any thread. */
    void show(byte[] line) {
        lines.add(line);
        if (!isSending.getAndSet(true)) {
            connection.execute(this::send);
        }
    }

    private void send() {
        isSending.set(false);
        boolean any = false;
        for (byte[] line = lines.poll(); line != null; line = lines.poll()) {
            // it may have been reset since
            if (!connection.isClosed() && client.isMonitor()) {
                connection.reply().raw(line);
                any = true;
            }
        }
        if (any) {
            connection.flushPushes();
        }
    }
}
