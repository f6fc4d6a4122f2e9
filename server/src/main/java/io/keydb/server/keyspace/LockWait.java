package io.keydb.server.keyspace;

/**
 * How a thread waits for locks of partitions that somebody else holds: not for ever. See {@link
 * Keyspace#lockWait}.
 *
 * <p>Threads: safe.
 */
public interface LockWait {
    /** An event loop waits so long for a lock before it gives the work away or comes again. */
    long EVENT_LOOP_NANOS = 200_000;

    /** How long it waits before {@link #waited} is called, in nanoseconds. */
    long nanos();

    /** Called whenever that time has passed in vain. Throws what is to end the waiting. */
    void waited();
}
