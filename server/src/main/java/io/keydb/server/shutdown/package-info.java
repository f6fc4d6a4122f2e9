/**
 * The end of the server: SHUTDOWN, the signals, and what happens in which order until the process
 * may go.
 *
 * <pre>
 *   SHUTDOWN, SIGTERM, SIGINT ─► Shutdown ─► waits for replicas ─► saves ─► stops in order
 *   SHUTDOWN SOFT, signals with soft-shutdown ─► waits for clients ─┘
 * </pre>
 */
@NullMarked
package io.keydb.server.shutdown;

import org.jspecify.annotations.NullMarked;
