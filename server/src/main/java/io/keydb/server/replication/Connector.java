package io.keydb.server.replication;

import io.keydb.server.net.EventLoops;
import io.keydb.server.net.LinkHandler;
import io.keydb.server.net.OutboundLink;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Opens links: resolves the name on a worker, every time anew, because the address of a pod
 * changes; then connects.
 *
 * <p>Threads: safe.
 */
final class Connector {
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final long SHORTEST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final EventLoops loops;
    private final ScheduledExecutorService workers;

    Connector(EventLoops loops, ScheduledExecutorService workers) {
        this.loops = loops;
        this.workers = workers;
    }

    /**
     * Begins to connect after a pause that grows with the number of failures.
     *
     * @param unresolved called when the name has no address
     */
    void connect(
            Upstream upstream, int failures, LinkHandler handler, Consumer<String> unresolved) {
        long pause =
                failures == 0
                        ? 0
                        : Math.min(
                                LONGEST_PAUSE_MILLIS,
                                SHORTEST_PAUSE_MILLIS << Math.min(failures - 1, 10));
        workers.schedule(
                () -> {
                    try {
                        InetAddress address = InetAddress.getByName(upstream.host());
                        OutboundLink.connect(
                                loops,
                                new InetSocketAddress(address, upstream.port()),
                                CONNECT_TIMEOUT_MILLIS,
                                handler);
                    } catch (UnknownHostException unknown) {
                        unresolved.accept("the name " + upstream.host() + " has no address");
                    }
                },
                pause,
                TimeUnit.MILLISECONDS);
    }
}
