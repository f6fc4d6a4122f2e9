/**
 * Keeps the memory in use below {@code maxmemory} by removing keys, in the order that {@code
 * maxmemory-policy} asks for.
 *
 * <p>{@link io.keydb.server.keyspace.eviction.Eviction} decides when and how much; a {@link
 * io.keydb.server.keyspace.eviction.Candidates} of each partition knows which key goes next.
 *
 * <p>Threads: safe; partition locks are taken here, one at a time.
 *
 * <p>Start with {@link io.keydb.server.keyspace.eviction.Eviction}.
 */
@NullMarked
package io.keydb.server.keyspace.eviction;

import org.jspecify.annotations.NullMarked;
