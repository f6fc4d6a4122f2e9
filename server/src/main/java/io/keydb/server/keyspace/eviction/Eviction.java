package io.keydb.server.keyspace.eviction;

import io.keydb.server.config.Configuration;
import io.keydb.server.config.Setting;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.KeyspaceDirectives;
import io.keydb.server.keyspace.MemoryPolicy;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.memory.MemoryUse;
import io.keydb.server.support.LatencyEvents;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the memory in use below {@code maxmemory}.
 *
 * <p>Whoever is about to write calls {@link #makeRoom} before, on his own thread and without any
 * lock. While more is in use than there may be, a partition is drawn, each key with the same
 * chance, its lock is taken, a few keys are evicted ({@link Candidates}) or a slice of what was
 * discarded is freed, and the lock is released: so nobody waits long for the lock, and the writer
 * no longer than {@code maxmemory-eviction-tenacity} allows. What is left then is done by a worker,
 * in the same steps; so it is when memory grows without a write, or the limit is lowered.
 *
 * <p>Threads: safe. Any number may make room at the same time.
 */
public final class Eviction {
    private static final Logger LOG = LoggerFactory.getLogger(Eviction.class);

    /** Under one lock so many keys are evicted, at most, and at most this share of them. */
    private static final int KEYS_PER_STEP = 16;

    private static final int SHARE_PER_STEP = 100;

    /** Under one lock so many elements of discarded values are freed, at most. */
    private static final long FREED_PER_STEP = 1000;

    /** How long a lock is waited for before another partition is drawn. */
    private static final long PATIENCE_NANOS = 50_000;

    /** Steps after which it is counted anew where keys are. */
    private static final int STEPS_PER_CENSUS = 64;

    /** Partitions drawn in vain before there seems to be nothing to evict. */
    private static final int MOST_VAIN_STEPS = 1000;

    private static final long NANOS_PER_STEP_OF_TENACITY = 50_000;
    private static final int LINEAR_TENACITY = 10;
    private static final int MOST_TENACITY = 100;
    private static final double TENACITY_GROWTH = 1.15;
    private static final long BACKGROUND_NANOS = 500_000;
    private static final long LEAST_SLACK = 64 << 10;
    private static final int SLACK_SHARE = 400;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** How an attempt to make room ended. */
    public enum Outcome {
        /** There is room. */
        ROOM,
        /** Time was up; it goes on in the background. */
        UNDERWAY,
        /** There is none, and nothing that may be evicted. */
        NONE
    }

    private final Keyspace keyspace;
    private final MemoryUse use;
    private final Executor workers;
    private final Candidates[] candidates;
    private final Setting<Long> limit;
    private final Setting<MemoryPolicy> policy;
    private final Setting<Long> samples;
    private final Setting<Long> tenacity;
    private final LongAdder evictedKeys = new LongAdder();
    private final AtomicBoolean inBackground = new AtomicBoolean();
    private volatile Census census;
    private volatile int steps;
    private volatile BooleanSupplier allowed = () -> true;

    /** What is in use is brought down to this, whatever the limit. */
    private volatile long forcedLimit = Long.MAX_VALUE;

    private volatile LatencyEvents latency = LatencyEvents.ignored();
    private volatile long exceededSince;
    private volatile long exceededNanos;

    /**
     * @param workers runs what is done in the background
     */
    public Eviction(
            Keyspace keyspace, MemoryUse use, Configuration configuration, Executor workers) {
        this.keyspace = keyspace;
        this.use = use;
        this.workers = workers;
        this.limit = configuration.setting(KeyspaceDirectives.MAXMEMORY);
        this.policy = configuration.setting(KeyspaceDirectives.MAXMEMORY_POLICY);
        this.samples = configuration.setting(EvictionDirectives.MAXMEMORY_SAMPLES);
        this.tenacity = configuration.setting(EvictionDirectives.MAXMEMORY_EVICTION_TENACITY);
        this.candidates = new Candidates[keyspace.partitions()];
        for (int i = 0; i < candidates.length; i++) {
            candidates[i] = new Candidates(keyspace, keyspace.partition(i), i);
        }
        this.census = Census.of(keyspace, policy.value());
        follow(configuration);
    }

    private void follow(Configuration configuration) {
        Setting<Long> logFactor = configuration.setting(EvictionDirectives.LFU_LOG_FACTOR);
        Setting<Long> decay = configuration.setting(EvictionDirectives.LFU_DECAY_TIME);
        keyspace.accesses().counter(logFactor.value(), decay.value());
        keyspace.accesses().follow(policy.value(), isLimited());
        configuration.onChange(
                () -> keyspace.accesses().counter(logFactor.value(), decay.value()),
                EvictionDirectives.LFU_LOG_FACTOR,
                EvictionDirectives.LFU_DECAY_TIME);
        configuration.onChange(
                () -> keyspace.accesses().follow(policy.value(), isLimited()),
                KeyspaceDirectives.MAXMEMORY,
                KeyspaceDirectives.MAXMEMORY_POLICY);
        configuration.onChange(this::limitChanged, KeyspaceDirectives.MAXMEMORY);
    }

    private void limitChanged() {
        long most = limit.value();
        if (most != 0 && use.above(most) > 0) {
            LOG.warn(
                    "The new maxmemory of {} bytes is less than the {} bytes in use: keys are"
                            + " evicted or writes refused, as maxmemory-policy says",
                    most,
                    use.used());
        }
        watch();
    }

    /** Who says whether keys may be evicted at the moment. */
    public void allowedWhen(BooleanSupplier condition) {
        allowed = condition;
    }

    /** Frees so many bytes, since the machine lacks them, whatever the limit; 0 for none. */
    public void machineLacks(long bytes) {
        forcedLimit = bytes <= 0 ? Long.MAX_VALUE : Math.max(0, use.used() - bytes);
        watch();
    }

    /** Who wants to know how long it takes. */
    public void latency(LatencyEvents listener) {
        latency = listener;
    }

    /** Keys evicted since the start or the last reset. */
    public LongAdder evictedKeys() {
        return evictedKeys;
    }

    /** Milliseconds during which more was in use than there may be; those of now not included. */
    public long exceededMillis() {
        return exceededNanos / NANOS_PER_MILLI;
    }

    /** Milliseconds for which more has been in use than there may be; 0 when it is not so. */
    public long exceedingMillis() {
        long since = exceededSince;
        return since == 0 ? 0 : (keyspace.clock().nanos() - since) / NANOS_PER_MILLI;
    }

    /** Lets the counts start at 0 again. */
    public synchronized void reset() {
        evictedKeys.reset();
        exceededNanos = 0;
        keyspace.resetFreedValues();
    }

    /** Whether there is a limit. */
    public boolean isLimited() {
        return limit.value() != 0;
    }

    /**
     * Sees to it that so many bytes more find room, for as long as a write may be held up. The
     * thread holds no partition lock.
     */
    public Outcome makeRoom(long bytes) {
        return limit.value() == 0 ? Outcome.ROOM : makeRoom(bytes, tenaciousNanos());
    }

    /** As {@link #makeRoom(long)}, for who may wait as long as it takes. */
    public Outcome makeRoomPatiently(long bytes) {
        return limit.value() == 0 ? Outcome.ROOM : makeRoom(bytes, Long.MAX_VALUE);
    }

    /** Whether more is in use than there may be and nothing can be evicted. Evicts nothing. */
    public boolean isExceeded() {
        return !withinLimit() && mayEvict() && (!policy.value().evicts() || isNothingLeft());
    }

    private Outcome makeRoom(long bytes, long nanos) {
        if (lacking(bytes) <= 0) {
            return noted(Outcome.ROOM);
        }
        if (!mayEvict()) {
            return Outcome.ROOM;
        }
        if (!policy.value().evicts() || bytes > limit.value()) {
            return noted(withinLimit() ? Outcome.ROOM : Outcome.NONE);
        }
        long start = keyspace.clock().nanos();
        Outcome outcome = noted(evict(bytes, start, nanos));
        latency.took("eviction-cycle", keyspace.clock().nanos() - start);
        return outcome;
    }

    private boolean mayEvict() {
        return allowed.getAsBoolean() && !keyspace.standsStill();
    }

    private Outcome evict(long bytes, long start, long nanos) {
        int vain = 0;
        while (lacking(bytes) > 0) {
            if (step(bytes)) {
                vain = 0;
            } else if (++vain == MOST_VAIN_STEPS || isNothingLeft()) {
                return withinLimit() ? Outcome.ROOM : Outcome.NONE;
            }
            if (keyspace.clock().nanos() - start >= nanos) {
                if (lacking(bytes) <= 0) {
                    return Outcome.ROOM;
                }
                goOn();
                return Outcome.UNDERWAY;
            }
        }
        return Outcome.ROOM;
    }

    /** Bytes that are to be freed; not positive when there is room. */
    private long lacking(long bytes) {
        long most = limit.value();
        long above = most == 0 ? Long.MIN_VALUE : use.above(most) + bytes;
        return Math.max(above, use.used() - forcedLimit);
    }

    private boolean withinLimit() {
        long most = limit.value();
        return most == 0 || use.above(most) <= 0;
    }

    /** Frees some memory under one lock; false when there was none to free. */
    private boolean step(long bytes) {
        MemoryPolicy current = policy.value();
        Census where = census(current);
        int index =
                where.isEmpty()
                        ? ThreadLocalRandom.current().nextInt(candidates.length)
                        : where.draw(ThreadLocalRandom.current());
        Partition partition = keyspace.partition(index);
        if (!partition.tryLock(keyspace.clock().millis(), PATIENCE_NANOS)) {
            return false;
        }
        try {
            if (partition.discardedValues() > 0) {
                partition.reclaim(FREED_PER_STEP);
                return true;
            }
            return evictFrom(partition, current, where, lacking(bytes));
        } finally {
            partition.allocator().report();
            partition.unlock();
        }
    }

    private boolean evictFrom(
            Partition partition, MemoryPolicy current, Census where, long wanted) {
        long start = keyspace.clock().nanos();
        long before = partition.allocator().allocatedBytes();
        int looked = Math.toIntExact(samples.value());
        long share = 1 + where.keys(partition.index()) / SHARE_PER_STEP;
        long most = Math.min(KEYS_PER_STEP, share);
        int keys = 0;
        while (keys < most
                && partition.discardedValues() == 0
                && before - partition.allocator().allocatedBytes() < wanted
                && candidates[partition.index()].evict(current, looked, where.databases())) {
            keys++;
        }
        evictedKeys.add(keys);
        latency.took("eviction-del", keyspace.clock().nanos() - start);
        return keys > 0;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // a census too many or too few does no harm
    private Census census(MemoryPolicy current) {
        Census known = census;
        if (known.policy() != current || known.isEmpty() || steps++ >= STEPS_PER_CENSUS) {
            steps = 0;
            known = Census.of(keyspace, current);
            census = known;
        }
        return known;
    }

    /** Whether no key may be evicted and nothing waits to be freed. */
    private boolean isNothingLeft() {
        Census now = Census.of(keyspace, policy.value());
        census = now;
        return now.isEmpty() && keyspace.discardedValues() == 0;
    }

    private long tenaciousNanos() {
        long steps = tenacity.value();
        if (steps <= LINEAR_TENACITY) {
            return steps * NANOS_PER_STEP_OF_TENACITY;
        }
        if (steps == MOST_TENACITY) {
            return Long.MAX_VALUE;
        }
        double factor = Math.pow(TENACITY_GROWTH, steps - LINEAR_TENACITY);
        return (long) (LINEAR_TENACITY * NANOS_PER_STEP_OF_TENACITY * factor);
    }

    /**
     * Looks whether too much is in use, a few times a second, and if so does something about it.
     */
    public void watch() {
        keyspace.pages().whenAbove(alarmBytes(), this::goOnIfAllowed);
        if (lacking(0) <= 0) {
            noted(Outcome.ROOM);
        } else {
            goOnIfAllowed();
        }
    }

    /**
     * The use of pages from which on the background is called at once, whoever lets it grow: peers,
     * buffers, scripts. A little above the limit, so that it does not compete with writers who make
     * room for themselves.
     */
    private long alarmBytes() {
        long most = limit.value();
        if (most == 0) {
            return Long.MAX_VALUE;
        }
        long elsewhere = use.connections() - use.notCounted();
        return most - elsewhere + Math.max(LEAST_SLACK, most / SLACK_SHARE);
    }

    private void goOnIfAllowed() {
        if (!inBackground.get() && policy.value().evicts() && mayEvict()) {
            goOn();
        }
    }

    private void goOn() {
        if (inBackground.compareAndSet(false, true)) {
            workers.execute(this::evictInBackground);
        }
    }

    private void evictInBackground() {
        try {
            while (!Thread.interrupted() && makeRoom(0, BACKGROUND_NANOS) == Outcome.UNDERWAY) {
                Thread.onSpinWait();
            }
        } finally {
            inBackground.set(false);
        }
    }

    /** Keeps account of the time during which too much is in use. */
    private Outcome noted(Outcome outcome) {
        if (outcome == Outcome.ROOM ? exceededSince != 0 : exceededSince == 0) {
            note(outcome);
        }
        return outcome;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the monitor
    private synchronized void note(Outcome outcome) {
        long now = keyspace.clock().nanos();
        if (outcome != Outcome.ROOM && exceededSince == 0) {
            exceededSince = now == 0 ? 1 : now;
        } else if (outcome == Outcome.ROOM && exceededSince != 0) {
            exceededNanos += now - exceededSince;
            exceededSince = 0;
        }
    }
}
