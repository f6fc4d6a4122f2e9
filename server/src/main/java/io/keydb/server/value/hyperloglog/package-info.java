/**
 * HyperLogLog: how many different elements were added, to within a percent, in at most 12 KB. The
 * bytes are a string value in stock's own format, so they may be read, copied and restored as any
 * string, between our servers and others.
 *
 * <pre>
 *   0   HYLL                                         (4)
 *   4   encoding: 0 dense, 1 sparse                  (1)
 *   5   unused                                       (3)
 *   8   cached cardinality, invalid when negative    (8)
 *   16  registers: {@link io.keydb.server.value.hyperloglog.DenseRegisters} or {@link io.keydb.server.value.hyperloglog.SparseRegisters}
 * </pre>
 *
 * <p>Threads: confined to the partition lock of the key.
 *
 * <p>Start with {@link io.keydb.server.value.hyperloglog.HyperLogLog}.
 */
@NullMarked
package io.keydb.server.value.hyperloglog;

import org.jspecify.annotations.NullMarked;
