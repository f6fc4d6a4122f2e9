package io.keydb.server.net;

import io.keydb.server.support.Clock;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs connections that come to nothing, a few each second and then how many more there were: a
 * flood of garbage must not fill the disk.
 *
 * <p>Threads: safe, guarded by this object.
 */
final class HandshakeLog {

    private static final Logger LOG = LoggerFactory.getLogger(HandshakeLog.class);
    private static final int MOST_PER_SECOND = 10;

    private final Clock clock = Clock.system();
    private long second = Long.MIN_VALUE;
    private int logged;
    private long left;

    /** A client has connected and could not be accepted. */
    synchronized void failed(String reason, String address, String localAddress) {
        long now = TimeUnit.NANOSECONDS.toSeconds(clock.nanos());
        if (now != second) {
            tellLeft();
            second = now;
            logged = 0;
        }
        if (logged == MOST_PER_SECOND) {
            left++;
            return;
        }
        logged++;
        LOG.warn(
                "Error accepting a client connection: {} (addr={} laddr={})",
                reason,
                address,
                localAddress);
    }

    private void tellLeft() {
        if (left > 0) {
            LOG.warn("Error accepting a client connection: {} more in a second", left);
            left = 0;
        }
    }
}
