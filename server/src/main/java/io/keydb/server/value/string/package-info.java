/**
 * Strings: byte sequences and the integers and floats they spell.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 *
 * <p>Start with {@link io.keydb.server.value.string.StringValue}.
 */
@NullMarked
package io.keydb.server.value.string;

import org.jspecify.annotations.NullMarked;
