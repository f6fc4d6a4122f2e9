/**
 * Bits within bytes: bit 0 is the highest bit of the first byte, as the bitmap commands count. The
 * bytes are those of string values.
 *
 * <p>Threads: stateless; the bytes are guarded by the partition lock of their key.
 */
@NullMarked
package io.keydb.server.value.bitmap;

import org.jspecify.annotations.NullMarked;
