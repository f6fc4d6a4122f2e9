package io.keydb.server.replication;

import static io.keydb.server.support.Statistic.counter;
import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.keyspace.snapshot.Snapshots;
import io.keydb.server.support.Clock;
import io.keydb.server.support.Rates;
import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * How replicas and peers were brought up to date, and what that took, as a part of INFO stats; and
 * the cuts of snapshots, which take the place of forks.
 *
 * <p>Threads: safe.
 */
final class SyncFigures implements ReportSection {
    static final Statistic FULL =
            gauge(
                    "sync_full",
                    "redis_replica_resyncs_full",
                    "Replicas and peers that were sent all data.");
    static final Statistic PARTIAL =
            gauge(
                    "sync_partial_ok",
                    "redis_replica_partial_resync_accepted",
                    "Replicas and peers that could go on where they had stopped.");
    static final Statistic DENIED =
            gauge(
                    "sync_partial_err",
                    "redis_replica_partial_resync_denied",
                    "Replicas that wanted to go on and needed all data.");

    static final Statistic INPUT =
            counter(
                    "total_net_repl_input_bytes",
                    "redis_net_repl_input_bytes_total",
                    "Bytes received over links to a primary or to peers.");
    static final Statistic OUTPUT =
            counter(
                    "total_net_repl_output_bytes",
                    "redis_net_repl_output_bytes_total",
                    "Bytes sent to replicas and peers.");
    static final Statistic INPUT_RATE =
            gauge(
                    "instantaneous_input_repl_kbps",
                    "redis_instantaneous_input_repl_kbps",
                    "Kilobytes received per second over such links at the moment.");
    static final Statistic OUTPUT_RATE =
            gauge(
                    "instantaneous_output_repl_kbps",
                    "redis_instantaneous_output_repl_kbps",
                    "Kilobytes sent per second to replicas and peers at the moment.");

    static final Statistic LOCAL_KEYS =
            gauge(
                    "slave_expires_tracked_keys",
                    "redis_slave_expires_tracked_keys",
                    "Keys that clients have written on a writable replica, which expires them"
                            + " itself.");

    static final Statistic LAST_CUT =
            gauge(
                    "latest_fork_usec",
                    "redis_latest_fork_usec",
                    "Microseconds for which the cut of the last snapshot held up writes; nothing is"
                            + " forked.");
    static final Statistic CUTS =
            counter("total_forks", "", "Snapshots begun since the start; nothing is forked.");

    private static final int BYTES_IN_RATE = 0;
    private static final int BYTES_OUT_RATE = 1;

    private final LongSupplier received;
    private final LongSupplier sent;
    private final IntSupplier localKeys;
    private final Snapshots snapshots;
    private final Rates rates;
    private volatile long receivedAtReset;
    private volatile long sentAtReset;
    private final LongAdder full = new LongAdder();
    private final LongAdder partial = new LongAdder();
    private final LongAdder denied = new LongAdder();

    /**
     * @param received bytes received over links since the start
     * @param sent bytes sent to readers since the start
     * @param localKeys keys of clients of a writable replica
     */
    SyncFigures(
            LongSupplier received,
            LongSupplier sent,
            IntSupplier localKeys,
            Snapshots snapshots,
            Clock clock) {
        this.localKeys = localKeys;
        this.snapshots = snapshots;
        this.received = received;
        this.sent = sent;
        this.rates = new Rates(clock, List.of(received, sent));
    }

    /** Takes a sample for the rates; ten a second. */
    void sample() {
        rates.sample();
    }

    LongAdder full() {
        return full;
    }

    LongAdder partial() {
        return partial;
    }

    LongAdder denied() {
        return denied;
    }

    void reset() {
        full.reset();
        partial.reset();
        denied.reset();
        receivedAtReset = received.getAsLong();
        sentAtReset = sent.getAsLong();
    }

    @Override
    public String name() {
        return "stats";
    }

    @Override
    public void report(Report report) {
        report.number(INPUT, received.getAsLong() - receivedAtReset);
        report.number(OUTPUT, sent.getAsLong() - sentAtReset);
        report.fraction(INPUT_RATE, rates.perSecond(BYTES_IN_RATE) / 1024);
        report.fraction(OUTPUT_RATE, rates.perSecond(BYTES_OUT_RATE) / 1024);
        report.number(LOCAL_KEYS, localKeys.getAsInt());
        report.number(FULL, full.sum());
        report.number(PARTIAL, partial.sum());
        report.number(DENIED, denied.sum());
        report.number(LAST_CUT, TimeUnit.NANOSECONDS.toMicros(snapshots.lastCutNanos()));
        report.number(CUTS, snapshots.cuts());
    }
}
