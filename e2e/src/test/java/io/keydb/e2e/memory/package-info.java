/**
 * What data costs in memory, measured on a real process from outside. Threads: confined to the
 * thread of the test. Start reading at {@link io.keydb.e2e.memory.StringMemoryTest}.
 */
@NullMarked
package io.keydb.e2e.memory;

import org.jspecify.annotations.NullMarked;
