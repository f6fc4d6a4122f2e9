package io.keydb.server.replication;

/**
 * A lock for each origin, so that two links never apply units of the same one at the same time.
 * Origins share locks by their number.
 *
 * <p>Threads: safe.
 */
final class OriginLocks {
    private static final int COUNT = 64;

    private final Object[] locks = new Object[COUNT];

    OriginLocks() {
        for (int i = 0; i < COUNT; i++) {
            locks[i] = new Object();
        }
    }

    /** The monitor to hold. */
    Object lock(int origin) {
        return locks[origin % COUNT];
    }
}
