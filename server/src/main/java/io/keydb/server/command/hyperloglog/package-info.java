/**
 * HyperLogLog commands. The values are strings; what their bytes mean is in {@code
 * value.hyperloglog}.
 *
 * <p>Threads: as command bodies, with the locks of the named keys held.
 *
 * <p>Start with {@link io.keydb.server.command.hyperloglog.HyperLogLogCommands}.
 */
@NullMarked
package io.keydb.server.command.hyperloglog;

import org.jspecify.annotations.NullMarked;
