/**
 * MULTI, EXEC, DISCARD, WATCH and UNWATCH. What EXEC does with its queue is the engine's ({@code
 * command.Execution}).
 *
 * <p>Threads: as command bodies.
 */
@NullMarked
package io.keydb.server.command.transaction;

import org.jspecify.annotations.NullMarked;
