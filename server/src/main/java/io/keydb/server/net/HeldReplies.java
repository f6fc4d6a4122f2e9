package io.keydb.server.net;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a loop whose replies wait for a {@link ReplyGate}.
 *
 * <p>Threads: confined to the event loop, except for {@link #gate} and {@link #gateMoved}.
 */
final class HeldReplies {
    private final EventLoop loop;
    private final List<RequestFlow> held = new ArrayList<>();
    private final AtomicBoolean isReleaseDue = new AtomicBoolean();
    private volatile boolean isAnyHeld;
    private volatile @Nullable ReplyGate gate;

    HeldReplies(EventLoop loop) {
        this.loop = loop;
    }

    /** Who is asked before replies are sent; null: nobody. Any thread. */
    void gate(@Nullable ReplyGate newGate) {
        gate = newGate;
        gateMoved();
    }

    @Nullable ReplyGate gate() {
        return gate;
    }

    /** Something that is waited for may have come. Any thread. */
    void gateMoved() {
        if (isAnyHeld && !isReleaseDue.getAndSet(true)) {
            loop.execute(this::release);
        }
    }

    /** Holds the replies of a connection, which knows its ticket. */
    void hold(RequestFlow flow) {
        held.add(flow);
        isAnyHeld = true;
        ReplyGate asked = gate;
        if (asked == null || asked.isReached(flow.ticket())) {
            gateMoved(); // it has come just now
        }
    }

    private void release() {
        isReleaseDue.set(false);
        ReplyGate asked = gate;
        List<RequestFlow> free = new ArrayList<>();
        held.removeIf(
                flow -> {
                    boolean isFree = asked == null || asked.isReached(flow.ticket());
                    if (isFree) {
                        free.add(flow);
                    }
                    return isFree;
                });
        isAnyHeld = !held.isEmpty();
        free.forEach(RequestFlow::released);
    }
}
