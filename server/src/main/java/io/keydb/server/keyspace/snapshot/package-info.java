/**
 * Consistent views of the keyspace without a fork, for full syncs and digests.
 *
 * <p>{@link io.keydb.server.keyspace.snapshot.Snapshots#begin} takes all partition locks for an
 * instant: that is the cut. Then {@link io.keydb.server.keyspace.snapshot.Snapshot#walk} shows
 * every record as it was at the cut, one segment under one lock at a time; a writer that is about
 * to change what the walk has not passed yet saves the old version first. {@link
 * io.keydb.server.keyspace.snapshot.LiveWalk} shows records and tombstones as they are when it
 * passes, which is enough where stamps decide anyway.
 *
 * <p>Threads: a snapshot is walked by one thread; writers save from theirs, under the partition
 * lock.
 *
 * <p>Start with {@link io.keydb.server.keyspace.snapshot.Snapshot}.
 */
@NullMarked
package io.keydb.server.keyspace.snapshot;

import org.jspecify.annotations.NullMarked;
