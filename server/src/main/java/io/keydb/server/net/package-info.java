/**
 * Sockets: event loops, listeners, client connections with their buffers and limits, and links to
 * other servers. Knows requests and replies as bytes, and no command.
 *
 * <p>Called by {@code boot}, which starts listeners, by the dispatcher, which implements {@link
 * io.keydb.server.net.RequestHandler}, and by replication, which opens {@link
 * io.keydb.server.net.OutboundLink}s. A connection belongs to one event loop for life; what other
 * threads may call says so.
 *
 * <p>One read of a connection, all complete requests in it, and one write of all their replies are
 * a <em>batch</em>. A batch costs the system calls {@code recv} and {@code send}, and no object on
 * the Java heap. Connections between batches own no buffer, unless a request has arrived in part or
 * the peer does not read.
 *
 * <p>Start reading at {@link io.keydb.server.net.RequestFlow}.
 */
@NullMarked
package io.keydb.server.net;

import org.jspecify.annotations.NullMarked;
