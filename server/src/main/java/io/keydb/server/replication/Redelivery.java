package io.keydb.server.replication;

import io.keydb.server.net.OutboundLink;

/**
 * What has come over one connection of a link and cannot be applied yet, as somebody has the locks
 * for long, is presented again soon; when much is waiting, the link stops reading.
 *
 * <p>Threads: confined to the link's event loop.
 */
final class Redelivery {
    private static final long PAUSE_MILLIS = 5;

    /** So much is taken in while it cannot be applied. */
    static final int MOST_WAITING_BYTES = 1 << 20;

    private boolean isDue;
    private boolean isReadingStopped;

    /** Has the bytes that wait presented again: one timer, however much arrives meanwhile. */
    void soon(OutboundLink link, int waitingBytes) {
        if (waitingBytes >= MOST_WAITING_BYTES && !isReadingStopped) {
            isReadingStopped = true;
            link.reading(false);
        }
        if (!isDue) {
            isDue = true;
            link.eventLoop()
                    .schedule(
                            () -> {
                                isDue = false;
                                link.presentAgain();
                            },
                            PAUSE_MILLIS);
        }
    }

    /** All that had come is applied. */
    void done(OutboundLink link) {
        if (isReadingStopped) {
            isReadingStopped = false;
            link.reading(true);
        }
    }
}
