package io.keydb.server.keyspace;

import io.keydb.server.config.Configuration;
import io.keydb.server.config.Setting;
import io.keydb.server.memory.Allocator;
import org.jspecify.annotations.Nullable;

/**
 * Moves data together while the server works, so that memory which is mostly free becomes free
 * altogether and goes back to the system.
 *
 * <p>After many keys were deleted, records that are left lie scattered over slabs (see {@link
 * Allocator}), each slab holds a few and none can be given back. Nothing but moving records helps.
 * Once a second the part of the allocators' memory that is not in use is looked at. Above {@code
 * active-defrag-threshold-lower} percent and {@code active-defrag-ignore-bytes} a pass begins, with
 * an effort between {@code active-defrag-cycle-min} and {@code -max} percent of the time of the
 * background rounds. A pass is an {@link Evacuation} of one partition after the other: the emptiest
 * slabs are chosen, what lies in them moves to the others, in slices under the partition's lock, so
 * that no client waits long. A pass that gave nothing back is not repeated for a minute.
 *
 * <p>Threads: cycles come from one thread, which takes partition locks itself; numbers may be asked
 * by any.
 */
public final class ActiveDefragmentation {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long REST_NANOS = 60 * NANOS_PER_SECOND;

    private final Keyspace keyspace;
    private final KeptKey kept;
    private final Setting<Boolean> enabled;
    private final Setting<Long> ignoreBytes;
    private final Setting<Long> lower;
    private final Setting<Long> upper;
    private final Setting<Long> least;
    private final Setting<Long> most;
    private final Setting<Long> maxScanFields;
    private @Nullable Evacuation evacuation;
    private int partition;
    private long looksAt;
    private long passBegan;
    private long committedAtBegin;
    private volatile int effort;
    private volatile long spentNanos;
    private volatile long moved;
    private volatile long stayed;
    private volatile long movedKeys;
    private volatile long stayedKeys;

    public ActiveDefragmentation(Keyspace keyspace, Configuration configuration) {
        this.keyspace = keyspace;
        this.kept = new KeptKey(keyspace.pages());
        this.enabled = configuration.setting(DefragmentationDirectives.ACTIVEDEFRAG);
        this.ignoreBytes = configuration.setting(DefragmentationDirectives.IGNORE_BYTES);
        this.lower = configuration.setting(DefragmentationDirectives.THRESHOLD_LOWER);
        this.upper = configuration.setting(DefragmentationDirectives.THRESHOLD_UPPER);
        this.least = configuration.setting(DefragmentationDirectives.CYCLE_MIN);
        this.most = configuration.setting(DefragmentationDirectives.CYCLE_MAX);
        this.maxScanFields = configuration.setting(DefragmentationDirectives.MAX_SCAN_FIELDS);
        this.looksAt = keyspace.clock().nanos();
    }

    /** Percentage of time that is spent at the moment; 0 while no pass runs. */
    public int effort() {
        return effort;
    }

    /** Cells moved. */
    public long moved() {
        return moved;
    }

    /** Cells looked at that could stay. */
    public long stayed() {
        return stayed;
    }

    /** Keys of which something was moved. */
    public long movedKeys() {
        return movedKeys;
    }

    /** Keys of which nothing was moved. */
    public long stayedKeys() {
        return stayedKeys;
    }

    /** Milliseconds that passes took that are over. */
    public long spentMillis() {
        return spentNanos / 1_000_000;
    }

    /** Milliseconds since the pass that runs began. */
    public long currentMillis() {
        return effort == 0 ? 0 : (keyspace.clock().nanos() - passBegan) / 1_000_000;
    }

    /** Lets the counts start at 0 again. */
    public void reset() {
        moved = 0;
        stayed = 0;
        movedKeys = 0;
        stayedKeys = 0;
        spentNanos = 0;
    }

    /** Does its part of a background round of so many nanoseconds. */
    public void cycle(long roundNanos) {
        long now = keyspace.clock().nanos();
        if (!enabled.value()) {
            stop(now);
            looksAt = now;
            return;
        }
        if (now - looksAt >= 0) {
            looksAt = now + NANOS_PER_SECOND;
            look(now);
        }
        long deadline = now + roundNanos * effort / 100;
        while (effort != 0 && keyspace.clock().nanos() - deadline < 0) {
            if (!slice()) {
                finish(keyspace.clock().nanos());
            }
        }
    }

    /** Begins a pass when it is worth it; a running one only becomes faster. */
    private void look(long now) {
        long allocated = keyspace.allocatedBytes();
        long wasted = keyspace.committedBytes() - allocated;
        double percent = allocated == 0 ? 0 : wasted * 100.0 / allocated;
        if (effort == 0 && (percent < lower.value() || wasted < ignoreBytes.value())) {
            return;
        }
        double part = (percent - lower.value()) / Math.max(1, upper.value() - lower.value());
        long wanted = least.value() + Math.round(part * (most.value() - least.value()));
        long limited = Math.clamp(wanted, least.value(), Math.max(least.value(), most.value()));
        if (effort == 0) {
            passBegan = now;
            committedAtBegin = keyspace.committedBytes();
            partition = 0;
        }
        effort = (int) Math.max(effort, limited);
    }

    /** Moves a few things under one lock; false at the end of the pass. */
    private boolean slice() {
        if (partition == keyspace.partitions()) {
            return false;
        }
        Partition current = keyspace.partition(partition);
        current.lock();
        try {
            Allocator allocator = current.allocator();
            long movedBefore = allocator.evacuated();
            long stayedBefore = allocator.stayed();
            Evacuation running = evacuation;
            if (running == null) {
                running = new Evacuation(keyspace, current, kept, maxScanFields.value());
                evacuation = running.begin() ? running : null;
                partition += evacuation == null ? 1 : 0;
                return true;
            }
            if (!running.slice()) {
                end(running);
                partition++;
            }
            moved += allocator.evacuated() - movedBefore;
            stayed += allocator.stayed() - stayedBefore;
        } finally {
            current.unlock();
        }
        return true;
    }

    private void end(Evacuation running) {
        running.end();
        movedKeys += running.movedKeys();
        stayedKeys += running.stayedKeys();
        evacuation = null;
    }

    private void finish(long now) {
        effort = 0;
        spentNanos += now - passBegan;
        if (keyspace.committedBytes() >= committedAtBegin) {
            looksAt = now + REST_NANOS;
        }
    }

    private void stop(long now) {
        Evacuation running = evacuation;
        if (running != null) {
            Partition current = keyspace.partition(partition);
            current.lock();
            try {
                end(running);
            } finally {
                current.unlock();
            }
        }
        if (effort != 0) {
            effort = 0;
            spentNanos += now - passBegan;
        }
    }
}
