/**
 * What scripts find besides the language and {@code redis}: the libraries {@code cjson}, {@code
 * cmsgpack}, {@code bit} and {@code struct}, and the sandbox that keeps scripts from everything
 * else.
 *
 * <p>The libraries are Java functions on Lua's stack. They read strings where Lua keeps them and
 * build results in memory outside the Java heap.
 *
 * <p>Threads: as the state they are installed in.
 */
@NullMarked
package io.keydb.server.scripting.library;

import org.jspecify.annotations.NullMarked;
