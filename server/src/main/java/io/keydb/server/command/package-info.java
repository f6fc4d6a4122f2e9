/**
 * The command engine: how a command is declared, found, checked, run under its locks and what it
 * leaves behind.
 *
 * <p>A family ({@code command.string}, {@code command.generic} …) declares {@link
 * io.keydb.server.command.Command} constants above their handlers. The {@link
 * io.keydb.server.command.Dispatcher} is the only door between network and data: it reads top to
 * bottom and whoever knows it knows the server. A handler sees one {@link
 * io.keydb.server.command.Call}. What a write leaves behind goes as {@link
 * io.keydb.server.command.Effects} through the port {@link io.keydb.server.command.EffectLog}.
 *
 * <p>Threads: a {@code Call} is confined to the thread that runs it; declarations are immutable.
 */
@NullMarked
package io.keydb.server.command;

import org.jspecify.annotations.NullMarked;
