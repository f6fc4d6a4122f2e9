/**
 * The same commands to a stock server and to ours, replies compared byte for byte.
 *
 * <p>Scripts lie under {@code src/test/resources/differential/<group>/}; {@link
 * io.keydb.e2e.differential.ScriptParser} tells how they are written. {@link
 * io.keydb.e2e.differential.DifferentialTest} runs them, {@link
 * io.keydb.e2e.differential.RandomDifferentialTest} makes up commands from a seed, and the two
 * completeness tests see to it that no declared command, subcommand or option is left out and that
 * what is declared about them is the same.
 *
 * <p>Threads: everything here is confined to the thread of its test.
 */
@NullMarked
package io.keydb.e2e.differential;

import org.jspecify.annotations.NullMarked;
