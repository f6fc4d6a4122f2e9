/**
 * Directives: what an administrator can set, in the file, on the command line and with CONFIG SET.
 *
 * <p>A {@link io.keydb.server.config.Directive} is declared once, as a constant of a {@code
 * *Directives} class next to the code it serves, and holds no value. {@code boot} collects all
 * declarations in one {@link io.keydb.server.config.Directives} registry and makes one {@link
 * io.keydb.server.config.Configuration} per server, which holds the values. Who reads a value often
 * keeps its {@link io.keydb.server.config.Setting}; who must act on a change registers with {@link
 * io.keydb.server.config.Configuration#onChange}.
 *
 * <p>Called by every package that has something to set. Knows no subsystem itself.
 *
 * <p>Threads: declarations are immutable; values may be read by any thread and are changed by one
 * thread at a time.
 *
 * <p>Start reading at {@link io.keydb.server.config.Directive}, then {@link
 * io.keydb.server.config.Configuration}.
 */
@NullMarked
package io.keydb.server.config;

import org.jspecify.annotations.NullMarked;
