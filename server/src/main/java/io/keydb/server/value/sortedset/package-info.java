/**
 * Sorted sets: members with a score each, in the order of the scores, equal ones in that of the
 * members' bytes.
 *
 * <p>Commands use {@link io.keydb.server.value.sortedset.SortedSet}, which stands before the two
 * forms, and {@link io.keydb.server.value.sortedset.SortedSetCursor} to go through the members.
 * Ranges of all kinds are positions: a {@link io.keydb.server.value.sortedset.Bound} says where
 * they begin and end.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
@NullMarked
package io.keydb.server.value.sortedset;

import org.jspecify.annotations.NullMarked;
