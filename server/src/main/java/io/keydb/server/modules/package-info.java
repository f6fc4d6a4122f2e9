/**
 * Modules: jars that bring commands, types of values and parameters of the configuration, written
 * against {@link io.keydb.module}.
 *
 * <pre>
 *   MODULE LOAD ──► Modules ──► ModuleClassLoader    the jar's classes, in memory
 *                      │
 *                      ├──► ModuleSetup              what the module declares
 *                      └──► CommandTable, Configuration, ModuleTypes
 *
 *   BF.ADD      ──► ModuleHandler ──► RunningCall ──► the module's handler
 * </pre>
 *
 * A module never gets an address: {@code ValueBytes} and {@code ArgumentBytes} check every access
 * against bounds, and end with the call. What a handler throws becomes an error reply.
 *
 * <p>Start with {@link io.keydb.server.modules.Modules}.
 */
@NullMarked
package io.keydb.server.modules;

import org.jspecify.annotations.NullMarked;
