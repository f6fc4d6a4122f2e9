package io.keydb.server.keyspace;

/**
 * What happens to a write beyond {@code maxmemory}: which keys make room for it, and in which
 * order.
 */
public enum MemoryPolicy {
    VOLATILE_LRU(Order.RECENCY),
    VOLATILE_LFU(Order.FREQUENCY),
    VOLATILE_RANDOM(Order.CHANCE),
    VOLATILE_TTL(Order.DEADLINE),
    ALLKEYS_LRU(Order.RECENCY),
    ALLKEYS_LFU(Order.FREQUENCY),
    ALLKEYS_RANDOM(Order.CHANCE),
    /** The write is refused. */
    NOEVICTION(Order.NONE);

    /** Which key goes first. */
    public enum Order {
        /** The one that was not accessed for longest. */
        RECENCY,
        /** The one that is accessed least often. */
        FREQUENCY,
        /** Any. */
        CHANCE,
        /** The one that expires next. */
        DEADLINE,
        /** None ever goes. */
        NONE
    }

    private final Order order;
    private final boolean onlyExpiring;

    MemoryPolicy(Order order) {
        this.order = order;
        this.onlyExpiring = name().startsWith("VOLATILE");
    }

    public Order order() {
        return order;
    }

    /** Whether keys without an expiry stay, whatever happens. */
    public boolean isOnlyForExpiring() {
        return onlyExpiring;
    }

    /** Whether any key ever goes. */
    public boolean evicts() {
        return order != Order.NONE;
    }

    /** Whether it matters when or how often a key is accessed. */
    public boolean looksAtAccesses() {
        return order == Order.FREQUENCY || order == Order.RECENCY;
    }
}
