package io.keydb.server.net;

import org.jspecify.annotations.Nullable;

/**
 * Told what happens on an {@link OutboundLink}; replication implements it.
 *
 * <p>Threads: called on the link's event loop. {@code closed} comes exactly once, also when the
 * link was never connected.
 */
public interface LinkHandler {

    void connected(OutboundLink link);

    /**
     * Bytes have arrived. Those not used up are presented again, in front of what arrives next, and
     * may lie elsewhere then.
     *
     * @return how many bytes are used up, from 0 to {@code length}
     */
    int received(OutboundLink link, long address, int length);

    /** The link is gone; without a cause when one of the two sides has closed it. */
    void closed(OutboundLink link, @Nullable Throwable cause);
}
