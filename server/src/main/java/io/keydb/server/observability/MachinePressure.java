package io.keydb.server.observability;

import io.keydb.server.config.Configuration;
import io.keydb.server.config.Setting;
import io.keydb.server.keyspace.eviction.Eviction;
import io.keydb.server.keyspace.eviction.EvictionDirectives;

/**
 * Has keys evicted when the machine runs short of memory: {@code force-eviction-percent}.
 *
 * <p>Threads: sampled by one thread.
 */
public final class MachinePressure {
    private static final int PERCENT = 100;

    private final Eviction eviction;
    private final Setting<Long> percent;

    public MachinePressure(Eviction eviction, Configuration configuration) {
        this.eviction = eviction;
        this.percent = configuration.setting(EvictionDirectives.FORCE_EVICTION_PERCENT);
    }

    /** Looks at the memory of the machine; a few times a second. */
    public void sample() {
        long most = percent.value();
        if (most == 0) {
            eviction.machineLacks(0);
            return;
        }
        long reserve = ProcessFacts.machineBytes() / PERCENT * (PERCENT - most);
        eviction.machineLacks(reserve - ProcessFacts.availableBytes());
    }
}
