/**
 * Copies of the data on other nodes: plain replication as stock servers do it, and active nodes
 * that all take writes and converge.
 *
 * <p>{@link io.keydb.server.replication.Replication} puts it together. Reading order:
 *
 * <ol>
 *   <li>{@link io.keydb.server.replication.LastWriteWins}, the rule by which active nodes converge;
 *   <li>{@link io.keydb.server.replication.UnitApplier}, how a unit of another node is applied once
 *       and forwarded;
 *   <li>{@link io.keydb.server.replication.Behind}, what a node does that cannot follow the deltas
 *       of a big collection;
 *   <li>{@link io.keydb.server.replication.PeerLink} and {@link
 *       io.keydb.server.replication.PeerFrames}, reading from a peer; {@link
 *       io.keydb.server.replication.PeerFrame} is the wire format;
 *   <li>{@link io.keydb.server.replication.Downstream} with {@link
 *       io.keydb.server.replication.LogPump}, being read;
 *   <li>{@link io.keydb.server.replication.KnownNodes}, when deletions may be forgotten;
 *   <li>{@link io.keydb.server.replication.PrimaryLink}, the replica of a plain primary.
 * </ol>
 *
 * <p>Locks are taken in this order: stream of a primary, origin, partitions, log. Nothing else is
 * held while one of them is waited for.
 *
 * <p>Threads: everything that belongs to a connection is confined to its event loop; a full sync
 * has a thread of its own; one thread does what happens every second; names are resolved on
 * workers.
 */
@NullMarked
package io.keydb.server.replication;

import org.jspecify.annotations.NullMarked;
