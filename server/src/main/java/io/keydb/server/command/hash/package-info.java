/**
 * Commands on hashes: setting, reading, counting, walking, and when fields expire.
 *
 * <p>Threads: as command bodies, with the locks of the named keys held.
 *
 * <p>Start with {@link io.keydb.server.command.hash.HashCommands}; how fields lie in memory is in
 * {@code value.hash}.
 */
@NullMarked
package io.keydb.server.command.hash;

import org.jspecify.annotations.NullMarked;
