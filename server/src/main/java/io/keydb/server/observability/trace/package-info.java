/**
 * Looks at commands as they are executed: {@link SlowLog} keeps those that took long, {@link
 * Monitors} shows all of them, and {@link CommandWatch} hands each to whoever is interested. Start
 * at the latter.
 *
 * <p>Threads: what is told comes from any thread that runs commands, under the locks of their keys;
 * locks of this package are taken last and never held while others are waited for.
 */
@NullMarked
package io.keydb.server.observability.trace;

import org.jspecify.annotations.NullMarked;
