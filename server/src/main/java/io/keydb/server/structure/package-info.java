/**
 * The structures outside the Java heap that carry all keys and values: {@link
 * io.keydb.server.structure.Record}, the byte layout of one element, {@link
 * io.keydb.server.structure.RecordTable}, the hash table of records, {@link
 * io.keydb.server.structure.CountedTree}, the tree of what has an order, and {@link
 * io.keydb.server.structure.Listpack}, a sequence of short elements as one run of bytes.
 *
 * <p>Called by the value types and the keyspace. Everything here is confined to the lock of the
 * partition that owns the memory; there is no synchronisation inside. Start reading at {@link
 * io.keydb.server.structure.RecordTable}.
 */
@NullMarked
package io.keydb.server.structure;

import org.jspecify.annotations.NullMarked;
