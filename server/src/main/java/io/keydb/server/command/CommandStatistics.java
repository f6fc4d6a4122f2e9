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
    private long[] calls;
    private long[] nanos;
    private long[] failed;
    private long[] rejected;
    private @Nullable LatencyHistogram[] latencies;
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
        makeRoom(command);
        calls[command.id()]++;
        nanos[command.id()] += tookNanos;
        if (tracksLatency) {
            track(command.id(), tookNanos);
        }
    }

    /** Commands of modules come later than this object. */
    private void makeRoom(Command command) {
        if (command.id() >= calls.length) {
            grow(command.id() + 1);
        }
    }

    private void grow(int atLeast) {
        int commands = Math.max(atLeast, calls.length + calls.length / 4);
        nanos = Arrays.copyOf(nanos, commands);
        failed = Arrays.copyOf(failed, commands);
        rejected = Arrays.copyOf(rejected, commands);
        latencies = Arrays.copyOf(latencies, commands);
        calls = Arrays.copyOf(calls, commands);
    }

    private static long of(Command command, long[] counts) {
        return command.id() < counts.length ? counts[command.id()] : 0;
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
        makeRoom(command);
        failed[command.id()]++;
    }

    void countRejected(Command command) {
        makeRoom(command);
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
        return of(command, calls);
    }

    public long nanos(Command command) {
        return of(command, nanos);
    }

    /** The durations of its calls, or null when none was kept. */
    public @Nullable LatencyHistogram latency(Command command) {
        @Nullable LatencyHistogram[] present = latencies;
        return command.id() < present.length ? present[command.id()] : null;
    }

    public long failed(Command command) {
        return of(command, failed);
    }

    public long rejected(Command command) {
        return of(command, rejected);
    }

    public long keyspaceHits() {
        return keyspaceHits;
    }

    public long keyspaceMisses() {
        return keyspaceMisses;
    }
}
