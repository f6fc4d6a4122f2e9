package io.keydb.server.replication;

import io.keydb.server.net.LinkHandler;
import io.keydb.server.net.OutboundLink;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what comes in over the links that this node has opened.
 *
 * <p>Threads: safe; the sum is a moment late.
 */
final class LinkTraffic {
    private final Set<OutboundLink> open = ConcurrentHashMap.newKeySet();
    private final LongAdder ofClosed = new LongAdder();

    /** Bytes received since the start. */
    long received() {
        long sum = ofClosed.sum();
        for (OutboundLink link : open) {
            sum += link.bytesReceived();
        }
        return sum;
    }

    /** The handler, its links counted. */
    LinkHandler counting(LinkHandler handler) {
        return new LinkHandler() {
            @Override
            public void connected(OutboundLink link) {
                open.add(link);
                handler.connected(link);
            }

            @Override
            public int received(OutboundLink link, long address, int length) {
                return handler.received(link, address, length);
            }

            @Override
            public void closed(OutboundLink link, @Nullable Throwable cause) {
                if (open.remove(link)) {
                    ofClosed.add(link.bytesReceived());
                }
                handler.closed(link, cause);
            }
        };
    }
}
