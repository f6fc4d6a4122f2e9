package io.keydb.server.keyspace.eviction;

import io.keydb.server.keyspace.AccessClock;
import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.ExpiryMode;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.MemoryPolicy;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.memory.Hashing;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordConsumer;
import io.keydb.server.structure.RecordTable;
import java.util.SplittableRandom;

/**
 * Chooses the keys of one partition that are evicted: looks at a few random ones for each that
 * goes, and remembers the best it has met so far.
 *
 * <pre>
 *   rank      12      15      17      40   …    up to 16, the lowest goes first
 *   record   0x7f…   0x7f…   0x7f…   0x7f…      with its hash and database
 * </pre>
 *
 * A rank is a number by the order of the policy: when the record was last accessed, how often it is
 * accessed, when it expires. A candidate may be gone, moved or accessed since it was remembered. So
 * the first one is looked up in its table before it goes, without touching the record, and ranked
 * anew; when it is not the first any more, the next one is.
 *
 * <p>Threads: confined to the partition lock.
 */
final class Candidates implements RecordConsumer {
    private static final int MOST = 16;

    private final Keyspace keyspace;
    private final Partition partition;
    private final AccessClock accesses;
    private final SplittableRandom random;
    private final Key key = new Key();
    private final long[] ranks = new long[MOST];
    private final long[] records = new long[MOST];
    private final long[] hashes = new long[MOST];
    private final int[] databases = new int[MOST];
    private int count;
    private MemoryPolicy policy = MemoryPolicy.NOEVICTION;
    private int sampled;

    Candidates(Keyspace keyspace, Partition partition, long seed) {
        this.keyspace = keyspace;
        this.partition = partition;
        this.accesses = keyspace.accesses();
        this.random = new SplittableRandom(seed);
    }

    /**
     * Evicts one key of the partition; false when it has none that may be.
     *
     * @param used indices of the databases that have keys
     */
    boolean evict(MemoryPolicy newPolicy, int samples, int[] used) {
        if (policy != newPolicy) {
            policy = newPolicy;
            count = 0;
        }
        sampled = draw(used);
        if (sampled < 0) {
            return false;
        }
        if (policy.order() == MemoryPolicy.Order.CHANCE) {
            remove(sampled, RecordTable.random(table(sampled), random));
            return true;
        }
        RecordTable.sample(table(sampled), random, samples, this);
        while (count > 0) {
            if (takeFirst()) {
                return true;
            }
        }
        // all were gone, and what was sampled is worse than what was full of them
        remove(sampled, RecordTable.random(table(sampled), random));
        return true;
    }

    /** A database of the partition, each with the chance of its share of the keys; -1 for none. */
    private int draw(int[] used) {
        long total = 0;
        for (int database : used) {
            total += RecordTable.size(table(database));
        }
        if (total == 0) {
            return -1;
        }
        long position = random.nextLong(total);
        for (int database : used) {
            position -= RecordTable.size(table(database));
            if (position < 0) {
                return database;
            }
        }
        throw new IllegalStateException("the sizes changed under the lock");
    }

    private long table(int database) {
        return table(partition, policy, database);
    }

    /** The keys of a database in a partition that the policy may evict. */
    static long table(Partition partition, MemoryPolicy policy, int database) {
        return policy.isOnlyForExpiring()
                ? partition.expires(database)
                : partition.records(database);
    }

    /** Remembers a sampled record if it is among the best. */
    @Override
    public void accept(long record) {
        long rank = rank(record);
        if (count == MOST && rank >= ranks[MOST - 1]) {
            return;
        }
        for (int i = 0; i < count; i++) {
            if (records[i] == record) {
                return;
            }
        }
        long hash = Hashing.hash(Record.keyAddress(record), Record.keyLength(record));
        place(rank, record, hash, sampled);
    }

    private long rank(long record) {
        return switch (policy.order()) {
            case RECENCY -> accesses.recency(record);
            case FREQUENCY -> accesses.rarity(record);
            case DEADLINE -> Record.expiry(record);
            case CHANCE, NONE -> 0;
        };
    }

    /** Puts a candidate where its rank belongs; the last one goes when there is no room. */
    private void place(long rank, long record, long hash, int database) {
        int i = count < MOST ? count++ : MOST - 1;
        while (i > 0 && ranks[i - 1] > rank) {
            copy(i - 1, i);
            i--;
        }
        ranks[i] = rank;
        records[i] = record;
        hashes[i] = hash;
        databases[i] = database;
    }

    private void copy(int from, int to) {
        ranks[to] = ranks[from];
        records[to] = records[from];
        hashes[to] = hashes[from];
        databases[to] = databases[from];
    }

    /** Evicts the first candidate if it is still there and still the first; forgets it anyway. */
    private boolean takeFirst() {
        long record = records[0];
        long hash = hashes[0];
        int database = databases[0];
        count--;
        for (int i = 0; i < count; i++) {
            copy(i + 1, i);
        }
        if (!RecordTable.holds(table(database), hash, record)) {
            return false;
        }
        long rank = rank(record);
        if (count > 0 && rank > ranks[0]) {
            place(rank, record, hash, database);
            return false;
        }
        remove(database, record);
        return true;
    }

    private void remove(int index, long record) {
        Database database = keyspace.database(index);
        key.set(Record.keyAddress(record), Record.keyLength(record));
        if (partition.isExpired(record) && keyspace.expiryMode() != ExpiryMode.HIDE) {
            keyspace.removals().expireNow(database, key, record);
        } else {
            keyspace.removals().evict(database, key, record);
        }
    }
}
