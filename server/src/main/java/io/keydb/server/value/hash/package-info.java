/**
 * Hashes: fields with values, as a listpack while small and as a table of records when larger.
 *
 * <p>Called by the commands on hashes, by the formats of dumps and by the keyspace through {@link
 * io.keydb.server.value.Values}. Knows no key rules, client or protocol.
 *
 * <p>Start with {@link io.keydb.server.value.hash.HashValue}.
 */
@NullMarked
package io.keydb.server.value.hash;

import org.jspecify.annotations.NullMarked;
