package io.keydb.server.observability.trace;

import io.keydb.server.net.FlowControl;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lines on their way from event loops to a log whose disk may be slow. No loop ever waits for it:
 * clients whose commands cause more lines than can be written are held back until there is room, so
 * the log has all of them and memory stays bounded.
 *
 * <p>One request may cause many lines, an EXEC one for each command of its queue. What is beyond
 * {@link #MOST_CHARS} then is counted instead, and the log is told how many lines it lacks.
 *
 * <pre>
 *   add() ──► lines ──► the writer, a thread that is there while there are lines ──► log
 *     │                    │
 *     └─ above FULL_CHARS: holdBack()     at half of it: letGo()
 * </pre>
 *
 * <p>Threads: safe; lines of one client are written in their order.
 */
final class AuditQueue {
    /** With so many characters waiting, who causes more is held back. */
    static final long FULL_CHARS = 4 << 20;

    /** With so many waiting, lines are lost. */
    static final long MOST_CHARS = 4 * FULL_CHARS;

    private static final Duration LONGEST_END = Duration.ofSeconds(2);

    private final Consumer<String> log;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final AtomicLong waitingChars = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final Set<FlowControl> heldBack = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isWriting = new AtomicBoolean();
    private volatile @Nullable Thread writer;

    /**
     * @param log takes one line after the other, and may take its time
     */
    AuditQueue(Consumer<String> log) {
        this.log = log;
    }

    /**
     * Has a line written; never waits.
     *
     * @param cause the client whose request is the reason
     */
    void add(String line, FlowControl cause) {
        long waiting = waitingChars.addAndGet(line.length());
        if (waiting > MOST_CHARS && waiting > line.length()) {
            waitingChars.addAndGet(-line.length());
            lost.incrementAndGet();
        } else {
            lines.add(line);
        }
        if (waiting > FULL_CHARS && !heldBack.contains(cause)) {
            cause.holdBack();
            heldBack.add(cause);
        }
        if (!isWriting.getAndSet(true)) {
            writer = Thread.ofVirtual().name("audit").start(this::write);
        }
    }

    private void write() {
        do {
            for (String line = lines.poll(); line != null; line = lines.poll()) {
                log.accept(line);
                if (waitingChars.addAndGet(-line.length()) <= FULL_CHARS / 2) {
                    thereIsRoom();
                }
            }
            thereIsRoom();
            isWriting.set(false);
            // who came meanwhile has either seen that and started another writer, or is seen here
        } while (!(lines.isEmpty() && heldBack.isEmpty()) && !isWriting.getAndSet(true));
    }

    private void thereIsRoom() {
        long lacking = lost.getAndSet(0);
        if (lacking > 0) {
            log.accept("Audit Log: " + lacking + " lines were lost, as they came too fast");
        }
        for (FlowControl cause : heldBack) {
            heldBack.remove(cause);
            cause.letGo();
        }
    }

    /** Waits a moment for what is left to be written. */
    void close() {
        Thread last = writer;
        try {
            if (last != null && !last.join(LONGEST_END)) {
                log.accept("Audit Log: not all lines were written before the end");
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
