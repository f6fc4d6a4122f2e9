/**
 * Our server and a stock one under the same load on the same machine, in pairs: throughput, server
 * processor time per operation, latency, start-up and empty memory. Run by people, not by the
 * build; {@code docs/benchmarks.md} holds the last results and the command that repeats them.
 *
 * <p>Threads: everything is confined to the main thread; the load comes from {@code
 * redis-benchmark} processes. Start reading at {@link io.keydb.e2e.benchmark.StockComparison}.
 */
@NullMarked
package io.keydb.e2e.benchmark;

import org.jspecify.annotations.NullMarked;
