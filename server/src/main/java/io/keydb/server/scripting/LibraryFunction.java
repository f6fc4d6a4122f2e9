package io.keydb.server.scripting;

import org.jspecify.annotations.Nullable;

/**
 * A function of a library.
 *
 * @param flags see {@link ScriptFlags}
 * @param function the number under which the state keeps it
 *     <p>Threads: immutable.
 */
record LibraryFunction(String name, @Nullable String description, int flags, int function) {}
