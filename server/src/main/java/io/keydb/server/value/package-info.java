/**
 * Value types on the off-heap structures: what a record's value bytes mean. A value knows no key
 * rules, no client and no protocol.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 *
 * <p>Members of hashes, sets and sorted sets may expire one by one. That works alike for the three:
 * giving a member an expiry turns the collection into a table ({@link
 * io.keydb.server.value.CollectionType#toTable}), where each member is a record with an expiry
 * field of its own, and {@link io.keydb.server.value.Members} keeps those that expire in order of
 * time. The keyspace keeps the keys of such collections; before a command sees one on a primary,
 * members whose time has come are removed and the log is told ({@code HDEL}, {@code SREM}, {@code
 * ZREM}); a replica waits for that and meanwhile hides them from who asks for one by name ({@link
 * io.keydb.server.value.Members#isExpired} as of {@code keyspace.Entry#moment}).
 *
 * <p>Start with {@link io.keydb.server.value.Values}, the few things every type must answer.
 */
@NullMarked
package io.keydb.server.value;

import org.jspecify.annotations.NullMarked;
