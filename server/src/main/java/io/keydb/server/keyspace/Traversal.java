package io.keydb.server.keyspace;

import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordConsumer;
import io.keydb.server.structure.RecordTable;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Visits the keys of a database, all of them or one by chance, under the lock of one partition at a
 * time, so that who works with other partitions goes on meanwhile.
 *
 * <p>Threads: safe; what it calls runs under the lock of the partition that is visited.
 */
public final class Traversal {
    private static final long WALKED_BEFORE_REST = 400;

    /** Expired keys that a replica passes over in search of a random one. */
    private static final int MOST_HIDDEN_KEYS = 100;

    private final Keyspace keyspace;

    Traversal(Keyspace keyspace) {
        this.keyspace = keyspace;
    }

    /**
     * Visits the keys of a database in slices, as SCAN does: every key that is there during the
     * whole scan is visited at least once. Takes the lock of one partition at a time; {@code
     * consumer} runs under it.
     *
     * @param cursor 0 to begin, then what the call before gave
     * @return the next cursor, 0 when the scan is done
     */
    public long scan(int database, long cursor, int count, RecordConsumer consumer) {
        int index = (int) (cursor & 63);
        long position = cursor >>> 6;
        long[] seen = new long[1];
        while (index < keyspace.partitions()) {
            Partition partition = keyspace.partition(index);
            partition.lock();
            try {
                long records = partition.records(database);
                position =
                        RecordTable.scan(
                                records,
                                position,
                                (int) Math.max(1, count - seen[0]),
                                record -> {
                                    seen[0]++;
                                    consumer.accept(record);
                                });
            } finally {
                partition.unlock();
            }
            if (position == 0) {
                index++;
            }
            if (seen[0] >= count) {
                break;
            }
        }
        return index >= keyspace.partitions() ? 0 : position << 6 | index;
    }

    /**
     * Visits every key of a database once, as far as it is there during the whole walk. Takes the
     * lock of one partition at a time, for one segment at a time; {@code consumer} runs under it.
     * In between it rests for a moment, unless the thread holds locks anyway: who has work of
     * microseconds then gets the processor at once, and does not wait until this has had its share.
     */
    public void walk(int database, RecordConsumer consumer) {
        boolean rests = !keyspace.isLockedByMe();
        long[] sinceRest = new long[1];
        RecordConsumer counting =
                record -> {
                    sinceRest[0]++;
                    consumer.accept(record);
                };
        for (int i = 0; i < keyspace.partitions(); i++) {
            Partition partition = keyspace.partition(i);
            long cursor = 0;
            do {
                partition.lock();
                try {
                    cursor = RecordTable.walk(partition.records(database), cursor, counting);
                } finally {
                    partition.unlock();
                }
                if (rests && sinceRest[0] >= WALKED_BEFORE_REST) {
                    sinceRest[0] = 0;
                    LockSupport.parkNanos(1);
                }
            } while (cursor != 0);
        }
    }

    /**
     * Copies the key of a random record of the database out; gives null when there is none. Every
     * key has about the same chance. Expired keys that are met are removed; a replica, which may
     * not remove them, tries to meet another one and in the end gives what it has. Takes one
     * partition's lock at a time.
     */
    public byte @Nullable [] randomKey(int database, RandomGenerator random) {
        int hiddenKeys = 0;
        while (true) {
            long total = keyspace.database(database).size();
            if (total == 0) {
                return null;
            }
            boolean evenHidden = hiddenKeys == MOST_HIDDEN_KEYS;
            byte[] key = randomKeyAt(database, random.nextLong(total), random, evenHidden);
            if (key != null) {
                return key;
            }
            hiddenKeys += keyspace.expiryMode() == ExpiryMode.HIDE ? 1 : 0;
        }
    }

    private byte @Nullable [] randomKeyAt(
            int database, long position, RandomGenerator random, boolean evenHidden) {
        long rest = position;
        for (int i = 0; i < keyspace.partitions(); i++) {
            Partition partition = keyspace.partition(i);
            partition.lock();
            try {
                long records = partition.records(database);
                if (rest < RecordTable.size(records)) {
                    long record = RecordTable.random(records, random);
                    byte[] key = Memory.bytes(Record.keyAddress(record), Record.keyLength(record));
                    if (!partition.isExpired(record)) {
                        return key;
                    }
                    if (keyspace.expiryMode() != ExpiryMode.HIDE) {
                        try (KeptKey kept = new KeptKey(keyspace.pages())) {
                            keyspace.removals()
                                    .expireNow(keyspace.database(database), kept.keep(key), record);
                        }
                        return null;
                    }
                    return evenHidden ? key : null;
                }
                rest -= RecordTable.size(records);
            } finally {
                partition.unlock();
            }
        }
        return null;
    }
}
