/**
 * The composition root: start, stop and the only place that knows every package.
 *
 * <p>Start reading at {@code Main}, then {@code Server}.
 *
 * <p>Threads: the main thread starts everything; a signal thread stops it.
 */
@NullMarked
package io.keydb.server.boot;

import org.jspecify.annotations.NullMarked;
