package io.keydb.server.command;

import io.keydb.server.support.LatencyHistogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How often each command was called and how long it took, as counted by one {@link Call}. Readers
 * sum over all threads and may see a count a moment late.
 *
 * <p>Threads: written by one thread at a time, read by any.
 */
public final class CommandStatistics {
    private final long[] calls;
    private final long[] nanos;
    private final long[] failed;
    private final long[] rejected;
    private final @Nullable LatencyHistogram[] latencies;
    private boolean tracksLatency;
    private long keyspaceHits;
    private long keyspaceMisses;
    private long changes;

    CommandStatistics(int commands) {
        calls = new long[commands];
        nanos = new long[commands];
        failed = new long[commands];
        rejected = new long[commands];
        latencies = new LatencyHistogram[commands];
    }

    /** Whether durations are kept one by one and not only their sum. Any thread, a moment late. */
    void tracksLatency(boolean yes) {
        tracksLatency = yes;
    }

    void called(Command command, long tookNanos) {
        calls[command.id()]++;
        nanos[command.id()] += tookNanos;
        if (tracksLatency) {
            track(command.id(), tookNanos);
        }
    }

    private void track(int command, long tookNanos) {
        LatencyHistogram latency = latencies[command];
        if (latency == null) {
            latency = new LatencyHistogram();
            latencies[command] = latency;
        }
        latency.record(tookNanos);
    }

    void countFailed(Command command) {
        failed[command.id()]++;
    }

    void countRejected(Command command) {
        rejected[command.id()]++;
    }

    void changed(long count) {
        changes += count;
    }

    void reset() {
        Arrays.fill(calls, 0);
        Arrays.fill(nanos, 0);
        Arrays.fill(failed, 0);
        Arrays.fill(rejected, 0);
        Arrays.fill(latencies, null);
        keyspaceHits = 0;
        keyspaceMisses = 0;
    }

    /** Changes of the data; never reset. */
    public long changes() {
        return changes;
    }

    /** Counts a look-up of a key for reading. */
    public void lookedUp(boolean hit) {
        if (hit) {
            keyspaceHits++;
        } else {
            keyspaceMisses++;
        }
    }

    /** Calls of all commands. */
    long totalCalls() {
        long total = 0;
        for (long count : calls) {
            total += count;
        }
        return total;
    }

    public long calls(Command command) {
        return calls[command.id()];
    }

    public long nanos(Command command) {
        return nanos[command.id()];
    }

    /** The durations of its calls, or null when none was kept. */
    public @Nullable LatencyHistogram latency(Command command) {
        return latencies[command.id()];
    }

    public long failed(Command command) {
        return failed[command.id()];
    }

    public long rejected(Command command) {
        return rejected[command.id()];
    }

    public long keyspaceHits() {
        return keyspaceHits;
    }

    public long keyspaceMisses() {
        return keyspaceMisses;
    }
}
