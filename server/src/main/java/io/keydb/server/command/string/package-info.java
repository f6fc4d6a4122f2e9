/**
 * String commands: reading, setting, counting, parts of strings and their longest common
 * subsequence.
 *
 * <p>Threads: as command bodies, with the locks of the named keys held.
 *
 * <p>Start with {@link io.keydb.server.command.string.StringCommands}; how a value gets into its
 * record is in {@link io.keydb.server.command.Strings}.
 */
@NullMarked
package io.keydb.server.command.string;

import org.jspecify.annotations.NullMarked;
