package io.keydb.server.keyspace.eviction;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import java.util.List;

/**
 * Directives of {@link Eviction}, but for {@code maxmemory} itself.
 *
 * <p>Threads: immutable.
 */
public final class EvictionDirectives {
    private EvictionDirectives() {}

    private static final int PERCENT = 100;

    /** A candidate more costs a look at a record; beyond this none is better. */
    private static final int MOST_SAMPLES = 1024;

    public static final Directive<Long> MAXMEMORY_SAMPLES =
            directive("maxmemory-samples")
                    .integer(5, 1, Integer.MAX_VALUE)
                    .checked(samples -> Math.min(samples, MOST_SAMPLES))
                    .mutable()
                    .doc(
                            "Keys that are looked at for each key that is evicted. More find"
                                    + " older or rarer ones and take longer; more than 1024 count"
                                    + " as 1024.");

    public static final Directive<Long> MAXMEMORY_EVICTION_TENACITY =
            directive("maxmemory-eviction-tenacity")
                    .integer(10, 0, PERCENT)
                    .mutable()
                    .doc(
                            "How long a write may be held up to make room: 50 microseconds for each"
                                    + " step up to 10, from there on 15 % more for each, at 100"
                                    + " without limit. What is left is done in the background.");

    public static final Directive<Long> LFU_LOG_FACTOR =
            directive("lfu-log-factor")
                    .integer(10, 0, Integer.MAX_VALUE)
                    .mutable()
                    .doc(
                            "How many accesses it takes to raise the counter of a key under an"
                                    + " `lfu` policy; the higher, the more.");

    public static final Directive<Long> LFU_DECAY_TIME =
            directive("lfu-decay-time")
                    .integer(1, 0, Integer.MAX_VALUE)
                    .mutable()
                    .doc(
                            "Minutes without access after which the counter of a key falls by one"
                                    + " under an `lfu` policy; 0 never lowers it.");

    public static final Directive<Boolean> REPLICA_IGNORE_MAXMEMORY =
            directive("replica-ignore-maxmemory")
                    .toggle(true)
                    .alias("slave-ignore-maxmemory")
                    .mutable()
                    .doc(
                            "Whether a replica leaves it to its primary to evict keys. Active nodes"
                                    + " always evict by themselves.");

    public static final Directive<Long> FORCE_EVICTION_PERCENT =
            directive("force-eviction-percent")
                    .integer(0, 0, PERCENT)
                    .mutable()
                    .doc(
                            "Percentage of the machine's memory in use from which on keys"
                                    + " are evicted although `maxmemory` is not reached; 0 never"
                                    + " does.");

    public static final List<Directive<?>> ALL =
            List.of(
                    MAXMEMORY_SAMPLES,
                    MAXMEMORY_EVICTION_TENACITY,
                    LFU_LOG_FACTOR,
                    LFU_DECAY_TIME,
                    REPLICA_IGNORE_MAXMEMORY,
                    FORCE_EVICTION_PERCENT);
}
