/**
 * TLS with the system's OpenSSL: contexts made from certificates and settings, and sessions that
 * turn bytes of the network into bytes of requests and back. Knows no socket: the caller brings the
 * bytes.
 *
 * <p>Called by {@code net}, which moves the bytes, and by {@code boot}, which brings the settings.
 *
 * <p>Threads: contexts are safe; a session belongs to one event loop.
 *
 * <p>Start reading at {@link io.keydb.server.net.tls.TlsContexts}, then {@link
 * io.keydb.server.net.tls.TlsSession}.
 */
@NullMarked
package io.keydb.server.net.tls;

import org.jspecify.annotations.NullMarked;
