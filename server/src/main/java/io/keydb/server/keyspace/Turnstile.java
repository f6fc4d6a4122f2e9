package io.keydb.server.keyspace;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets event loops that need many locks at once take them one loop after the other.
 *
 * <p>Two commands of ten keys each nearly always share a partition. Each would take a few locks,
 * sleep for the next until the other is done, and go on to the one after that; to sleep and be
 * woken several times costs more than the commands themselves. Here a loop sleeps once at most.
 *
 * <p>This is about speed only. Who waits in vain for long goes on without, so nobody can be shut
 * out and no order of locks is broken.
 *
 * <p>Threads: safe.
 */
final class Turnstile {
    /** Sets with fewer partitions pass by: they rarely meet. */
    private static final int MANY = 4;

    private final ReentrantLock lock = new ReentrantLock();

    /** Before the locks of a set of partitions are taken. */
    void enter(long partitionSet) {
        if (Long.bitCount(partitionSet) >= MANY && !lock.tryLock()) {
            await();
        }
    }

    private void await() {
        try {
            boolean unused = lock.tryLock(LockWait.EVENT_LOOP_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** After they were released, by whoever took them. */
    void leave(long partitionSet) {
        if (Long.bitCount(partitionSet) >= MANY && lock.isHeldByCurrentThread()) {
            lock.unlock();
        }
    }
}
