package io.keydb.server.replication;

import io.keydb.server.net.EventLoops;
import io.keydb.server.net.LinkHandler;
import io.keydb.server.net.OutboundLink;
import io.keydb.server.net.SourceAddress;
import io.keydb.server.net.tls.TlsContexts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
    private final Supplier<@Nullable TlsContexts> tls;
    private final LinkSettings settings;
    private final LinkTraffic traffic;

    /**
     * @param tls asked for each link; null is no TLS
     */
    Connector(
            EventLoops loops,
            ScheduledExecutorService workers,
            Supplier<@Nullable TlsContexts> tls,
            LinkSettings settings,
            LinkTraffic traffic) {
        this.loops = loops;
        this.workers = workers;
        this.tls = tls;
        this.settings = settings;
        this.traffic = traffic;
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
                                new OutboundLink.Route(
                                        new InetSocketAddress(address, upstream.port()),
                                        SourceAddress.of(settings.sourceAddress(), address),
                                        CONNECT_TIMEOUT_MILLIS),
                                traffic.counting(handler),
                                tls.get(),
                                nameOf(upstream.host()));
                    } catch (UnknownHostException unknown) {
                        unresolved.accept("the name " + upstream.host() + " has no address");
                    }
                },
                pause,
                TimeUnit.MILLISECONDS);
    }

    /** The host to be told to the other side: only names are, not addresses. */
    private static @Nullable String nameOf(String host) {
        boolean isAddress = host.indexOf(':') >= 0 || isIpv4(host);
        return isAddress ? null : host;
    }

    private static boolean isIpv4(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }
}
