/**
 * Commands on places: sorted sets whose scores are positions on the earth, see {@link
 * io.keydb.server.command.geo.GeoCell}.
 *
 * <ul>
 *   <li>{@link io.keydb.server.command.geo.GeoCommands}: adding places, positions, distances
 *   <li>{@link io.keydb.server.command.geo.GeoSearchCommands}: what lies within a circle or a box
 * </ul>
 *
 * <p>Threads: as {@code command}.
 */
@NullMarked
package io.keydb.server.command.geo;

import org.jspecify.annotations.NullMarked;
