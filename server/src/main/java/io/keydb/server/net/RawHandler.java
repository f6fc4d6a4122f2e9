package io.keydb.server.net;

/**
 * Takes the bytes of a connection that no longer speaks in requests.
 *
 * <p>Threads: called on the connection's event loop.
 */
@FunctionalInterface
public interface RawHandler {

    /** Bytes have arrived; they are valid during the call. */
    void received(Connection connection, long address, int length);
}
