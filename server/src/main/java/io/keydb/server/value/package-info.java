/**
 * Value types on the off-heap structures: what a record's value bytes mean. A value knows no key
 * rules, no client and no protocol.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 *
 * <p>Start with {@link io.keydb.server.value.Values}, the few things every type must answer.
 */
@NullMarked
package io.keydb.server.value;

import org.jspecify.annotations.NullMarked;
