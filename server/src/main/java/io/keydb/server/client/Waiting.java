package io.keydb.server.client;

/**
 * What a blocked client waits for.
 *
 * <p>Threads: safe; takes locks of the keyspace.
 */
public interface Waiting {
    /** Ends it as if its time was over; false when it has just ended otherwise. */
    boolean timeOut();

    /** Ends it with this error; false when it has just ended otherwise. */
    boolean fail(byte[] error);

    /** Ends it without a reply, as the connection is gone. */
    void connectionLost();
}
