/**
 * COMMAND and its subcommands: what the command table knows, told to clients.
 *
 * <p>Threads: as command bodies; reads immutable declarations only.
 */
@NullMarked
package io.keydb.server.command.introspection;

import org.jspecify.annotations.NullMarked;
