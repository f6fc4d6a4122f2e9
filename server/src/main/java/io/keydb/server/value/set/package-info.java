/**
 * The value of a set: sorted integers, a listpack, or a table of member records.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 *
 * <p>Start with {@link io.keydb.server.value.set.SetValue}.
 */
@NullMarked
package io.keydb.server.value.set;

import org.jspecify.annotations.NullMarked;
