/**
 * The one ordered log of what every write did, and the names that order gives: stamps, origins,
 * version vectors.
 *
 * <p>{@link io.keydb.server.log.OrderedLog} is the log, {@link io.keydb.server.log.HybridClock}
 * gives the stamps, a {@link io.keydb.server.log.VersionVector} says what a node has. The engine
 * appends through the port {@code command.EffectLog}; {@code replication} reads and appends the
 * units of other nodes.
 *
 * <p>Invariants: the order of the log is the commit order of every key, because units are appended
 * with the locks of their partitions held; for each origin the units in the log have ascending
 * numbers without a gap, except where a merge is noted; the vector of the log covers exactly what
 * was appended or merged.
 *
 * <p>Threads: the log is safe; a reader belongs to one thread.
 *
 * <p>Start with {@link io.keydb.server.log.OrderedLog}.
 */
@NullMarked
package io.keydb.server.log;

import org.jspecify.annotations.NullMarked;
