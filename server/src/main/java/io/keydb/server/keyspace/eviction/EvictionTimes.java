package io.keydb.server.keyspace.eviction;

/** Hears how long evictions take, in nanoseconds; called on the thread that evicts. */
public interface EvictionTimes {
    /** Whether single keys are timed, too. */
    boolean wantsKeys();

    /** One round until there was room or time was up. */
    void cycle(long nanos);

    /** The removal of some keys from one partition, under its lock. */
    void keys(long nanos);

    /** Nobody wants to know. */
    static EvictionTimes ignored() {
        return new EvictionTimes() {
            @Override
            public boolean wantsKeys() {
                return false;
            }

            @Override
            public void cycle(long nanos) {}

            @Override
            public void keys(long nanos) {}
        };
    }
}
