/**
 * Commands on sets: members, sets made of others, members chosen at random. What a set is kept as
 * lives in {@code value.set}.
 *
 * <p>Threads: as command bodies; under the locks of the keys.
 *
 * <p>Start with {@link io.keydb.server.command.set.SetCommands}.
 */
@NullMarked
package io.keydb.server.command.set;

import org.jspecify.annotations.NullMarked;
