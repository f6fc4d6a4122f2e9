/**
 * The append-only file: every write, in a folder of several files as stock servers from 7.0 on
 * write and read them.
 *
 * <pre>
 *   appendonlydir/appendonly.aof.manifest       which files there are, replaced in one step
 *   appendonlydir/appendonly.aof.3.base.rdb     all data at one instant
 *   appendonlydir/appendonly.aof.7.incr.aof     what was written since, as commands
 * </pre>
 *
 * <p>The file is a reader of the ordered log, as replicas are: {@link
 * io.keydb.server.persistence.aof.AofWriter} follows the log on a thread of its own, writes and
 * syncs. A rewrite makes a new base from a snapshot; at its cut the writer goes over to a new
 * increment. {@link io.keydb.server.persistence.aof.ReplyHold} lets replies wait for the disk.
 *
 * <p>Threads: each class has its own rule.
 *
 * <p>Start with {@link io.keydb.server.persistence.aof.AppendOnlyFile}.
 */
@NullMarked
package io.keydb.server.persistence.aof;

import org.jspecify.annotations.NullMarked;
