package io.keydb.server.net;

import io.keydb.server.support.Clock;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The handshakes of a loop that have something to do, in order of arrival. One step costs up to a
 * millisecond, so a storm of new clients would make those that are served wait; therefore only some
 * steps are taken in each turn of the loop.
 *
 * <p>Threads: confined to the event loop.
 */
final class Handshakes {

    /** A handshake that takes longer ends without success. */
    static final long LONGEST_MILLIS = 10_000;

    /** After so long, others are served before the next step. */
    private static final long BUDGET_NANOS = 1_000_000;

    private final Clock clock = Clock.system();
    private final EventLoop loop;
    private final Deque<TlsTransport> waiting = new ArrayDeque<>();
    private final Runnable turn = this::turn;
    private boolean isScheduled;

    Handshakes(EventLoop loop) {
        this.loop = loop;
    }

    void add(TlsTransport handshake) {
        waiting.add(handshake);
        if (!isScheduled) {
            isScheduled = true;
            loop.execute(turn);
        }
    }

    private void turn() {
        long start = clock.nanos();
        TlsTransport next = waiting.poll();
        while (next != null) {
            next.shakeHands();
            if (clock.nanos() - start > BUDGET_NANOS) {
                loop.afterSockets(turn);
                return;
            }
            next = waiting.poll();
        }
        isScheduled = false;
    }
}
