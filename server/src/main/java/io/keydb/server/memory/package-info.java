/**
 * Memory outside the Java heap: typed access, the allocator, its accounting, and the few functions
 * that read raw addresses (hashing, cluster slots, glob matching). Knows no data structure.
 *
 * <p>Called by every package that touches keys and values. {@link io.keydb.server.memory.Pages} is
 * shared by all threads; an {@link io.keydb.server.memory.Allocator} belongs to one partition and
 * is used under that partition's lock. An address borrowed from a partition is valid only while its
 * lock is held.
 *
 * <p>Start reading at {@link io.keydb.server.memory.Allocator}.
 */
@NullMarked
package io.keydb.server.memory;

import org.jspecify.annotations.NullMarked;
