/**
 * How long things take: {@link LatencyMonitor} keeps spikes by what they came from, {@link
 * LatencySection} tells percentiles of each command, LATENCY shows both.
 *
 * <p>Threads: spikes are told by any thread; everything else runs as a command does.
 */
@NullMarked
package io.keydb.server.observability.latency;

import org.jspecify.annotations.NullMarked;
