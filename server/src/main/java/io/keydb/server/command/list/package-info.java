/**
 * List commands: pushing and popping at the ends, reading and changing in between, moving from list
 * to list, and the blocking forms.
 *
 * <p>Threads: as command bodies, with the locks of the named keys held.
 *
 * <p>Start with {@link io.keydb.server.command.list.EndCommands}; what several classes share is in
 * {@code Lists}.
 */
@NullMarked
package io.keydb.server.command.list;

import org.jspecify.annotations.NullMarked;
