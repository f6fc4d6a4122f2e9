/**
 * Commands on sorted sets. The values are in {@code value.sortedset}.
 *
 * <ul>
 *   <li>{@link io.keydb.server.command.sortedset.SortedSetCommands}: single members, ZSCAN
 *   <li>{@link io.keydb.server.command.sortedset.RangeCommands}: ranges by rank, score and text,
 *       read, counted and stored
 *   <li>{@link io.keydb.server.command.sortedset.RemovalCommands}: ranges removed
 *   <li>{@link io.keydb.server.command.sortedset.PopCommands}: the least and the greatest taken
 *       out, also with waiting
 *   <li>{@link io.keydb.server.command.sortedset.CombinationCommands}: union, intersection and
 *       difference
 *   <li>{@link io.keydb.server.command.sortedset.SampleCommands}: members at random
 * </ul>
 *
 * <p>Threads: as {@code command}.
 */
@NullMarked
package io.keydb.server.command.sortedset;

import org.jspecify.annotations.NullMarked;
