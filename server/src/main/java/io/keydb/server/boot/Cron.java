package io.keydb.server.boot;

import io.keydb.server.config.Configuration;
import io.keydb.server.config.Setting;
import io.keydb.server.keyspace.ActiveDefragmentation;
import io.keydb.server.keyspace.ActiveExpiry;
import io.keydb.server.keyspace.KeyspaceDirectives;
import io.keydb.server.support.Clock;
import io.keydb.server.support.LatencyEvents;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens by itself, {@code hz} times a second: each round runs the given tasks, then removes
 * expired keys for as long as {@code active-expire-effort} allows. As in stock servers that is 25
 * to 43 percent of a round at most; a server without expired keys spends next to nothing. In the
 * end data is moved together, if {@code activedefrag} is on.
 *
 * <p>Threads: one of its own; stopping waits for the round that runs.
 */
final class Cron implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cron.class);
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long LONGEST_ROUND_SECONDS = 5;
    private static final int LEAST_PERCENT = 25;
    private static final int PERCENT_PER_EFFORT = 2;

    private final Clock clock;
    private final Setting<Long> frequency;
    private final Setting<Long> effort;
    private final ActiveExpiry activeExpiry;
    private final ActiveDefragmentation defragmentation;
    private final LatencyEvents latency;
    private final List<Runnable> tasks;
    private volatile boolean paused;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    Cron(
            Configuration configuration,
            Clock clock,
            ActiveExpiry activeExpiry,
            ActiveDefragmentation defragmentation,
            LatencyEvents latency,
            List<Runnable> tasks) {
        this.clock = clock;
        this.frequency = configuration.setting(KeyspaceDirectives.HZ);
        this.effort = configuration.setting(KeyspaceDirectives.ACTIVE_EXPIRE_EFFORT);
        this.activeExpiry = activeExpiry;
        this.defragmentation = defragmentation;
        this.latency = latency;
        this.tasks = new CopyOnWriteArrayList<>(tasks);
        this.thread = Thread.ofPlatform().daemon().name("cron").unstarted(this::rounds);
    }

    /** Adds a task to every round. */
    void add(Runnable task) {
        tasks.add(task);
    }

    /** Whether rounds do nothing for the time being; for tests. */
    void paused(boolean yes) {
        paused = yes;
    }

    boolean isPaused() {
        return paused;
    }

    void start() {
        thread.start();
    }

    private void rounds() {
        try {
            long due = clock.nanos();
            while (true) {
                long period = NANOS_PER_SECOND / frequency.value();
                due = Math.max(due + period, clock.nanos());
                if (stopped.await(due - clock.nanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
                if (!paused) {
                    round(period);
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void round(long periodNanos) {
        try {
            tasks.forEach(Runnable::run);
            long percent = LEAST_PERCENT + (effort.value() - 1) * PERCENT_PER_EFFORT;
            long began = clock.nanos();
            activeExpiry.cycle(periodNanos * percent / 100);
            long expired = clock.nanos();
            latency.took("expire-cycle", expired - began);
            defragmentation.cycle(periodNanos);
            latency.took("active-defrag-cycle", clock.nanos() - expired);
        } catch (RuntimeException bug) {
            LOG.error("A background round failed; please report this", bug);
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(LONGEST_ROUND_SECONDS));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
