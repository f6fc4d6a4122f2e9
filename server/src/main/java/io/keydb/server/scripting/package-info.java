/**
 * Scripts: EVAL and its kin, functions, and what they may call. {@code scripting.lua} is the
 * language, {@code scripting.library} what scripts find in it besides.
 *
 * <p>Threads: a Lua state belongs to whoever holds the locks of all partitions.
 */
@NullMarked
package io.keydb.server.scripting;

import org.jspecify.annotations.NullMarked;
