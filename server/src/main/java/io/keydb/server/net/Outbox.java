package io.keydb.server.net;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The replies that the connections of a loop have written in this turn, all in one block, and that
 * are sent at the end of the turn.
 *
 * <p>Idea: a turn of the loop serves all sockets that are ready. Were each reply sent at once, the
 * first client would wake up while the others are served; sent together, clients find more to do at
 * once, and so does the loop in its next turn. One block for all stays in the cache.
 *
 * <pre>
 *   | replies of A | replies of B | B is done; C writes ...        |
 *   0                             used                     BLOCK_BYTES
 * </pre>
 *
 * <p>Invariants: at most one connection, the open one, writes at {@link #used}; whoever needs more
 * than there is, or writes while another is open, gets a block of its own. The block starts anew
 * when nobody has bytes in it.
 *
 * <p>Threads: confined to the event loop.
 */
final class Outbox {

    /** With less room than this a batch does not begin. */
    private static final int LEAST_ROOM = 16 * 1024;

    private static final int INITIAL_CONNECTIONS = 16;

    private final EventLoop loop;
    private final Runnable turnEnd = this::send;

    private @Nullable Block block;
    private int used;
    private int borrowers;
    private @Nullable Output open;

    private @Nullable RequestFlow[] waiting = new RequestFlow[INITIAL_CONNECTIONS];
    private int waitingCount;

    Outbox(EventLoop loop) {
        this.loop = loop;
    }

    /** Makes room for the replies of a batch by sending those of the batches before. */
    void beforeBatch() {
        if (used > EventLoop.BLOCK_BYTES - LEAST_ROOM) {
            send();
        }
    }

    /**
     * Gives a connection that has written nothing the room that is left, or 0 when that is not to
     * be had.
     */
    long open(Output output, long bytes) {
        if (open != null || bytes > EventLoop.BLOCK_BYTES - used) {
            return 0;
        }
        Block current = block;
        if (current == null) {
            current = loop.take(EventLoop.BLOCK_BYTES);
            block = current;
        }
        open = output;
        borrowers++;
        return current.address() + used;
    }

    /** The room that the open connection has. */
    int room() {
        return EventLoop.BLOCK_BYTES - used;
    }

    /** The open connection has written so many bytes, which stay until it gives them back. */
    void seal(Output output, int bytes) {
        if (open == output) {
            used += bytes;
            open = null;
        }
    }

    /** A connection has sent its bytes, dropped them, or copied them elsewhere. */
    void giveBack(Output output) {
        if (open == output) {
            open = null;
        }
        borrowers--;
        if (borrowers == 0) {
            used = 0;
        }
    }

    /** Sends the replies of a connection at the end of the turn. */
    void sendLater(RequestFlow flow) {
        if (waitingCount == 0) {
            loop.execute(turnEnd);
        }
        if (waitingCount == waiting.length) {
            waiting = Arrays.copyOf(waiting, waitingCount * 2);
        }
        waiting[waitingCount++] = flow;
    }

    private void send() {
        for (int i = 0; i < waitingCount; i++) {
            RequestFlow flow = waiting[i];
            waiting[i] = null;
            if (flow != null) {
                flow.turnEnded();
            }
        }
        waitingCount = 0;
    }

    /** Gives the block back. */
    void close() {
        Block current = block;
        if (current != null) {
            current.release();
            block = null;
        }
    }
}
