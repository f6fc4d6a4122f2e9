/**
 * LOLWUT: computer art drawn with characters.
 *
 * <p>Threads: every drawing is confined to the call that asked for it.
 */
@NullMarked
package io.keydb.server.observability.art;

import org.jspecify.annotations.NullMarked;
