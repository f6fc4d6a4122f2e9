package io.keydb.server.command;

import io.keydb.server.support.LatencyHistogram;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the engine has counted: calls of each command over all threads, errors by their prefix,
 * connections.
 *
 * <p>Threads: safe; sums are taken while others count.
 */
public final class Statistics {
    private static final int MOST_PREFIXES = 128;
    private static final String OTHERS = "ERRORSTATS_OVERFLOW";

    private final CommandTable table;
    private final List<CommandStatistics> threads = new CopyOnWriteArrayList<>();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
    private final LongAdder acceptedConnections = new LongAdder();
    private final LongAdder rejectedConnections = new LongAdder();
    private final LongAdder protocolErrors = new LongAdder();
    private final LongAdder expiredKeys = new LongAdder();
    private final LongAdder evictedClients = new LongAdder();
    private final Disconnections disconnections = new Disconnections();
    private final LongAdder bugs = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private volatile boolean tracksLatency = true;
    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();

    Statistics(CommandTable table) {
        this.table = table;
    }

    CommandStatistics newThread() {
        CommandStatistics statistics = new CommandStatistics(table.all().size());
        threads.add(statistics);
        statistics.tracksLatency(tracksLatency);
        return statistics;
    }

    /** Switches whether the durations of commands are kept: {@code latency-tracking}. */
    public void tracksLatency(boolean yes) {
        tracksLatency = yes;
        threads.forEach(thread -> thread.tracksLatency(yes));
    }

    void error(byte[] text) {
        int end = 0;
        while (end < text.length && text[end] != ' ') {
            end++;
        }
        String prefix = new String(text, 0, end, StandardCharsets.ISO_8859_1);
        // scripts make up prefixes of their own
        boolean isOneTooMany = errors.size() >= MOST_PREFIXES && !errors.containsKey(prefix);
        errors.computeIfAbsent(isOneTooMany ? OTHERS : prefix, unused -> new LongAdder())
                .increment();
    }

    /** Error replies by their first word; those beyond 128 words are counted together. */
    public Map<String, LongAdder> errors() {
        return errors;
    }

    public LongAdder acceptedConnections() {
        return acceptedConnections;
    }

    public LongAdder rejectedConnections() {
        return rejectedConnections;
    }

    public LongAdder protocolErrors() {
        return protocolErrors;
    }

    /** Bytes received on connections that are closed by now. */
    public LongAdder bytesReceived() {
        return bytesReceived;
    }

    /** Bytes sent on connections that are closed by now. */
    public LongAdder bytesSent() {
        return bytesSent;
    }

    /** How often something was received on connections that are closed by now. */
    public LongAdder reads() {
        return reads;
    }

    /** How often something was sent on connections that are closed by now. */
    public LongAdder writes() {
        return writes;
    }

    /** Keys removed because their time had come. */
    public LongAdder expiredKeys() {
        return expiredKeys;
    }

    /** Clients disconnected because all together took too much memory. */
    public LongAdder evictedClients() {
        return evictedClients;
    }

    /** Clients disconnected because of a limit of their buffers. */
    public Disconnections disconnections() {
        return disconnections;
    }

    /** Commands that failed in a way no client can cause; each is logged. */
    public LongAdder bugs() {
        return bugs;
    }

    public long calls(Command command) {
        return sum(thread -> thread.calls(command));
    }

    public long nanos(Command command) {
        return sum(thread -> thread.nanos(command));
    }

    /** How long its calls took, over all threads; null when no duration was kept. */
    public @Nullable LatencyHistogram latency(Command command) {
        LatencyHistogram sum = null;
        for (CommandStatistics thread : threads) {
            LatencyHistogram latency = thread.latency(command);
            if (latency != null) {
                sum = sum == null ? new LatencyHistogram() : sum;
                sum.add(latency);
            }
        }
        return sum;
    }

    public long failed(Command command) {
        return sum(thread -> thread.failed(command));
    }

    public long rejected(Command command) {
        return sum(thread -> thread.rejected(command));
    }

    public long keyspaceHits() {
        return sum(CommandStatistics::keyspaceHits);
    }

    public long keyspaceMisses() {
        return sum(CommandStatistics::keyspaceMisses);
    }

    /** Changes of the data since the start. */
    public long changes() {
        return sum(CommandStatistics::changes);
    }

    /** All calls of all commands. */
    public long totalCalls() {
        return sum(CommandStatistics::totalCalls);
    }

    /** Sets what CONFIG RESETSTAT resets to zero; a count made at the same moment may survive. */
    public void reset() {
        threads.forEach(CommandStatistics::reset);
        errors.clear();
        acceptedConnections.reset();
        rejectedConnections.reset();
        protocolErrors.reset();
        expiredKeys.reset();
        evictedClients.reset();
        disconnections.reset();
    }

    private long sum(ToLongFunction<CommandStatistics> count) {
        long sum = 0;
        for (CommandStatistics thread : threads) {
            sum += count.applyAsLong(thread);
        }
        return sum;
    }
}
