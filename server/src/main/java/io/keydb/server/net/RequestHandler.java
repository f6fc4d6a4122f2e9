package io.keydb.server.net;

import io.keydb.server.resp.Request;

/**
 * The door between network and database: what happens on a connection is told here, and the
 * requests are handled here. The dispatcher implements it.
 *
 * <p>All calls about one connection come from its event loop, in the order {@code opened}, then any
 * number of {@code handle}, {@code protocolError} and {@code batchEnded}, then {@code closed}
 * exactly once.
 *
 * <p>Threads: safe, because each call touches one connection on its own event loop; an
 * implementation guards what connections share.
 */
public interface RequestHandler {

    /**
     * A client has connected. The handler sets {@link Connection#attachment(Object)}; it may refuse
     * the client with an error and {@link Connection#closeAfterReplies()}.
     */
    void opened(Connection connection);

    /**
     * Handles one complete request and writes its reply to {@link Connection#reply()}. When it
     * calls {@link Connection#pause()}, the bytes of the request stay where they are, and nothing
     * more of the connection is handled, until {@link Connection#resume()}.
     */
    void handle(Connection connection, Request request);

    /**
     * The stream of requests is broken; the error is written, and the connection closes after it.
     */
    void protocolError(Connection connection, String error);

    /**
     * All complete requests that one read brought are handled, or the connection was paused; the
     * replies are sent right after.
     */
    void batchEnded(Connection connection);

    /**
     * The buffers of the connection, or what the handler remembers of it, may have changed in size.
     * Called between requests and after replies were sent, as long as {@link
     * NetworkSettings#isMemoryWatched()}. The handler may have any connection closed, by {@link
     * Connection#closeSoon()}.
     */
    default void memoryChanged(Connection connection) {
        // only a handler that limits memory needs to know
    }

    /**
     * The client has ended its side while the connection was paused or did not read. What it has
     * sent will still be answered, but a command that waits for something to happen should stop
     * waiting.
     */
    default void inputEnded(Connection connection) {
        // most commands end by themselves
    }

    /**
     * The connection is gone, for the reason {@link Connection#closeCause()}. A paused connection
     * must still be resumed.
     */
    void closed(Connection connection);
}
