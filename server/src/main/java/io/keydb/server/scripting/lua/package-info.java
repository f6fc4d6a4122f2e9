/**
 * Lua 5.1 as Java sees it: the C library's own functions, called through {@code java.lang.foreign}.
 *
 * <p>Threads: a state belongs to one thread at a time.
 */
@NullMarked
package io.keydb.server.scripting.lua;

import org.jspecify.annotations.NullMarked;
