package io.keydb.server.keyspace;

/**
 * How a thread waits for locks of partitions that somebody else holds: not for ever. See {@link
 * Keyspace#lockWait}.
 *
 * <p>Threads: safe.
 */
public interface LockWait {
    /** How long it waits before {@link #waited} is called, in nanoseconds. */
    long nanos();

    /** Called whenever that time has passed in vain. Throws what is to end the waiting. */
    void waited();
}
