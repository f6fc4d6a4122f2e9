/**
 * Streams: entries in the order of their ids, and groups of consumers who share them.
 *
 * <pre>
 *   record (encoding INT) ──► root, see {@link io.keydb.server.value.stream.Stream}
 *                              ├─ tree by first id ──► nodes of up to 100 entries, see {@link io.keydb.server.value.stream.StreamNode}
 *                              └─ groups by name ──► group ─┬─ pending entries by id (time, count, consumer)
 *                                                           └─ consumers by name ──► ids of its pending entries
 * </pre>
 *
 * <p>Nodes end where those of stock servers end, so that approximate trimming removes the same
 * entries, but hold their entries in fewer bytes; {@link
 * io.keydb.server.value.stream.StreamListpack} turns a node into a stock listpack and back, for
 * dumps.
 *
 * <p>Start with {@link io.keydb.server.value.stream.Stream}, then {@link
 * io.keydb.server.value.stream.StreamCursor} for reading.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
@NullMarked
package io.keydb.server.value.stream;

import org.jspecify.annotations.NullMarked;
