package io.keydb.server.keyspace.eviction;

import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.MemoryPolicy;
import io.keydb.server.structure.RecordTable;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Where the keys are that a policy may evict, a moment ago: so that a random partition can be drawn
 * in which each of them has the same chance, whatever hash tags and databases there are.
 *
 * <p>Threads: immutable.
 */
final class Census {
    private final MemoryPolicy policy;
    private final long[] keysUpTo;
    private final int[] databases;

    private Census(MemoryPolicy policy, long[] keysUpTo, int[] databases) {
        this.policy = policy;
        this.keysUpTo = keysUpTo;
        this.databases = databases;
    }

    static Census of(Keyspace keyspace, MemoryPolicy policy) {
        long[] keysUpTo = new long[keyspace.partitions()];
        int[] databases = new int[keyspace.databases()];
        int used = 0;
        for (int database = 0; database < databases.length; database++) {
            boolean hasKeys = false;
            for (int i = 0; i < keysUpTo.length; i++) {
                long keys =
                        RecordTable.size(Candidates.table(keyspace.partition(i), policy, database));
                keysUpTo[i] += keys;
                hasKeys |= keys > 0;
            }
            if (hasKeys) {
                databases[used++] = database;
            }
        }
        for (int i = 1; i < keysUpTo.length; i++) {
            keysUpTo[i] += keysUpTo[i - 1];
        }
        return new Census(policy, keysUpTo, Arrays.copyOf(databases, used));
    }

    /** What it was taken for. */
    MemoryPolicy policy() {
        return policy;
    }

    /** Indices of the databases that have such keys. */
    int[] databases() {
        return databases;
    }

    /** Keys of a partition. */
    long keys(int partition) {
        return keysUpTo[partition] - (partition == 0 ? 0 : keysUpTo[partition - 1]);
    }

    boolean isEmpty() {
        return databases.length == 0;
    }

    /** A partition, each with the chance of its share of the keys; not when it is empty. */
    int draw(RandomGenerator random) {
        long position = random.nextLong(keysUpTo[keysUpTo.length - 1]);
        int found = Arrays.binarySearch(keysUpTo, position + 1);
        int partition = found < 0 ? -found - 1 : found;
        while (partition > 0 && keysUpTo[partition - 1] > position) {
            partition--; // several have the same sum
        }
        return partition;
    }
}
