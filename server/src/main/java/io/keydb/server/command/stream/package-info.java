/**
 * Commands of streams.
 *
 * <pre>
 *   StreamCommands          XADD XLEN XRANGE XREVRANGE XDEL XTRIM XSETID
 *   StreamReadCommands      XREAD XREADGROUP
 *   StreamGroupCommands     XGROUP XACK
 *   StreamPendingCommands   XPENDING XCLAIM XAUTOCLAIM
 *   StreamInfoCommands      XINFO
 * </pre>
 *
 * <p>What depends on the clock or on who asks first leaves other commands to the log than it was:
 * {@link io.keydb.server.command.stream.StreamEffects}.
 */
@NullMarked
package io.keydb.server.command.stream;

import org.jspecify.annotations.NullMarked;
