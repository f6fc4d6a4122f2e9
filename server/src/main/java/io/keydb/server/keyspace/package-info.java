/**
 * The data: databases cut into partitions, expiry, watched keys and the hooks of snapshots.
 *
 * <p>A {@link io.keydb.server.keyspace.Partition} owns a lock, an allocator and, for every
 * database, the records whose keys fall into its slots. A {@link io.keydb.server.keyspace.Database}
 * is a view over all partitions of one index; every call names its key by a {@link
 * io.keydb.server.keyspace.Key}, which carries hash and partition.
 *
 * <p>Threads: whoever calls a method that takes a {@code Key} holds the lock of the key's
 * partition; the dispatcher takes it before a command body runs. Record addresses never outlive
 * that lock.
 *
 * <p>Start with {@link io.keydb.server.keyspace.Keyspace}.
 */
@NullMarked
package io.keydb.server.keyspace;

import org.jspecify.annotations.NullMarked;
