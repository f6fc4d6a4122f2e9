package io.keydb.server.command;

import io.keydb.server.keyspace.KeyWait;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.keyspace.WaitedKey;
import io.keydb.server.structure.Record;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round of serving those who wait for keys that were touched, on the thread that touched them
 * and under the locks it holds, until nothing is ready any more: who is served may touch keys that
 * others wait for.
 *
 * <p>A command that has more keys (the destination of BLMOVE) needs more locks. They are tried for,
 * never waited for, as locks are only ever waited for in ascending order. When one cannot be had,
 * the key stays ready, the rest of its queue waits behind, and a worker takes all locks in order;
 * so nobody is overtaken by who came later.
 *
 * <p>Threads: confined to the thread that holds the locks.
 */
final class Serving {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
    private static final int ABSENT = -1;
    private static final long PATIENCE_NANOS = 100_000;
    private static final long WORKER_PATIENCE_NANOS = 20_000_000;

    private final Blocking blocking;
    private final Keyspace keyspace;
    private final Workers workers;
    private final List<WaitedKey> postponed = new ArrayList<>(0);
    private long locked;

    Serving(Blocking blocking, Keyspace keyspace, Workers workers) {
        this.blocking = blocking;
        this.keyspace = keyspace;
        this.workers = workers;
    }

    /** Serves until nothing is ready; {@code held} is locked by the caller, and stays so. */
    void run(long held) {
        locked = held;
        // What has touched the keys is over; its time has passed.
        long now = keyspace.clock().millis();
        for (long rest = held; rest != 0; rest &= rest - 1) {
            keyspace.partition(Long.numberOfTrailingZeros(rest)).moment(now);
        }
        try {
            WaitedKey key = nextReady();
            while (key != null) {
                serve(key);
                key = nextReady();
            }
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError bug) {
            LOG.error("Serving blocked clients failed; please report this", bug);
        } finally {
            postponed.forEach(WaitedKey::ready);
            keyspace.release(locked & ~held);
        }
    }

    private @Nullable WaitedKey nextReady() {
        for (long rest = locked; rest != 0; rest &= rest - 1) {
            WaitedKey key = keyspace.partition(Long.numberOfTrailingZeros(rest)).takeReady();
            if (key != null) {
                return key;
            }
        }
        return null;
    }

    private void serve(WaitedKey key) {
        KeyWait wait = key.first();
        while (wait != null) {
            KeyWait next = wait.next(); // whoever is served leaves the queue, and nobody else does
            int type = typeOf(key);
            if (type == ABSENT && !key.isWokenWithoutValue()) {
                return;
            }
            Waiter waiter = (Waiter) wait.waiter();
            if (waiter.type() == type || waiter.wakesWithoutValue()) {
                if (!lock(waiter.partitions())) {
                    postpone(key, waiter);
                    return;
                }
                runAgain(waiter);
            }
            wait = next;
        }
    }

    /** What the key holds; an expired one is left for who asks for it. */
    private int typeOf(WaitedKey key) {
        long record = key.database().stored(key.key());
        return record == 0 || keyspace.partitionOf(key.key()).isExpired(record)
                ? ABSENT
                : Record.type(record);
    }

    /** A run that finds nothing to do again has given nobody else anything to do. */
    private void runAgain(Waiter waiter) {
        int[] ready = new int[keyspace.partitions()];
        for (long rest = waiter.partitions(); rest != 0; rest &= rest - 1) {
            int index = Long.numberOfTrailingZeros(rest);
            ready[index] = keyspace.partition(index).readyKeys();
        }
        if (!blocking.runAgain(waiter)) {
            for (long rest = waiter.partitions(); rest != 0; rest &= rest - 1) {
                int index = Long.numberOfTrailingZeros(rest);
                keyspace.partition(index).keepReadyKeys(ready[index]);
            }
        }
    }

    private boolean lock(long partitions) {
        for (long rest = partitions & ~locked; rest != 0; rest &= rest - 1) {
            Partition partition = keyspace.partition(Long.numberOfTrailingZeros(rest));
            if (!partition.isLockedByMe()) {
                if (!partition.tryLock(keyspace.clock().millis(), PATIENCE_NANOS)) {
                    return false;
                }
                locked |= 1L << partition.index();
            }
        }
        return true;
    }

    private void postpone(WaitedKey key, Waiter waiter) {
        postponed.add(key);
        long partitions = waiter.partitions();
        workers.execute(() -> lockAndServe(partitions));
    }

    /** Does not keep its worker for as long as somebody else has a lock. */
    private void lockAndServe(long partitions) {
        if (keyspace.tryLock(partitions, keyspace.clock().millis(), WORKER_PATIENCE_NANOS)) {
            keyspace.unlock(partitions);
        } else {
            workers.execute(() -> lockAndServe(partitions));
        }
    }
}
