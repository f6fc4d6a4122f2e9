package io.keydb.server.command;

/**
 * Port to the ordered log: where effects go. Implemented by {@code log}, called with the locks of
 * the unit's partitions held, so that the order of the log is the commit order of every key.
 */
public interface EffectLog {
    /**
     * Whether anybody reads the log or it keeps a backlog; while false, effects are not even built.
     */
    boolean isWanted();

    /** The next stamp of the hybrid clock; called on active nodes, once for each unit. */
    long nextStamp();

    /** Index of this node among the origins that stamps name. */
    int ownOrigin();

    /** Whether replicas are told of keys that were removed because their time had come. */
    boolean areExpiriesWanted();

    /** Appends the removal of such a key; called with its lock held. */
    void appendExpiry(Effects unit);

    /** Appends one unit. Copies what it needs: {@code unit} is reused afterwards. */
    void append(Effects unit, long stamp);

    /** A log that nobody reads. */
    static EffectLog unwanted() {
        return new EffectLog() {
            private long stamp;

            @Override
            public boolean isWanted() {
                return false;
            }

            @Override
            public boolean areExpiriesWanted() {
                return false;
            }

            @Override
            public void appendExpiry(Effects unit) {}

            @Override
            public synchronized long nextStamp() {
                return ++stamp;
            }

            @Override
            public int ownOrigin() {
                return 0;
            }

            @Override
            public void append(Effects unit, long stampOfUnit) {}
        };
    }
}
