/**
 * Replication between real server processes: active nodes through partitions, crashes and full
 * merges, and plain replication with stock servers in both roles.
 *
 * <p>{@link io.keydb.e2e.replication.Cable} is the network between two servers, to be cut and
 * frozen.
 *
 * <p>Start with {@link io.keydb.e2e.replication.PartitionTest}.
 */
@NullMarked
package io.keydb.e2e.replication;

import org.jspecify.annotations.NullMarked;
