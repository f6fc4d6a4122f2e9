/**
 * What a server tells about itself: INFO, its counters, CONFIG and DEBUG.
 *
 * <p>Threads: counters may be advanced by any thread; everything else runs as a command does.
 */
@NullMarked
package io.keydb.server.observability;

import org.jspecify.annotations.NullMarked;
