package io.keydb.server.net;

/**
 * Lets replies wait until what they tell of is safe. Replies of a connection wait together: no
 * request of it is handled meanwhile, and its loop goes on with others.
 *
 * <p>Threads: safe; asked on event loops, so it never waits.
 */
public interface ReplyGate {
    /** What the replies that are written by now have to wait for; 0 when for nothing. */
    long ticket();

    /** Whether they need to wait no longer. Once it is true for a ticket, it stays so. */
    boolean isReached(long ticket);
}
