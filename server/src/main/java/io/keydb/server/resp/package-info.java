/**
 * The wire format, RESP2 and RESP3: requests are parsed in place in off-heap memory, replies are
 * written straight into off-heap memory. Knows no command and no socket.
 *
 * <p>Called by {@code net}, which owns the bytes, by the commands, which write replies, and by
 * whoever reads a stream of commands (replication, the append-only file). Every object is used by
 * one thread at a time. No parsing and no writing allocates on the Java heap, except for doubles
 * with a fraction.
 *
 * <p>Start reading at {@link io.keydb.server.resp.RequestParser}.
 */
@NullMarked
package io.keydb.server.resp;

import org.jspecify.annotations.NullMarked;
