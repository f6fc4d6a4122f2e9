package io.keydb.server.replication;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.KeptKey;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordTable;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops tombstones that have done their work: those with stamps up to which all members have
 * everything.
 *
 * <p>While a member is away nothing is dropped, up to {@link #MOST}, or as many as take a tenth of
 * {@code maxmemory}; then the tenth with the earliest stamps goes. A member that returns after that
 * may bring such keys back.
 *
 * <p>Threads: one call at a time; takes partition locks itself, one segment at a time.
 */
final class Tombstones {
    /** How many are kept for members that are away. */
    static final long MOST = 1_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(Tombstones.class);
    private static final int SAMPLE = 1_000;
    private static final int DROPPED_SHARE = 10;

    /** What one takes, about. */
    private static final int BYTES = 64;

    private static final int LIMIT_SHARE = 10;

    private final Keyspace keyspace;
    private final LongSupplier memoryLimit;
    private long droppedUpTo;
    private long[] found = new long[512];
    private int count;
    private boolean warned;

    /**
     * @param memoryLimit how many bytes may be in use; 0 for no limit
     */
    Tombstones(Keyspace keyspace, LongSupplier memoryLimit) {
        this.memoryLimit = memoryLimit;
        this.keyspace = keyspace;
    }

    /** Number of tombstones in all databases. */
    long count() {
        long sum = 0;
        for (int i = 0; i < keyspace.databases(); i++) {
            sum += keyspace.database(i).tombstoneCount();
        }
        return sum;
    }

    /** Drops what is closed, and more when there are too many. */
    void collect(long stableStamp) {
        if (stableStamp > droppedUpTo) {
            drop(stableStamp);
            droppedUpTo = stableStamp;
        }
        if (count() > most()) {
            if (!warned) {
                warned = true;
                LOG.warn(
                        "More than {} deleted keys are remembered for nodes that are away; the"
                                + " oldest are forgotten now. Remove nodes that will not return"
                                + " with REPLICAOF REMOVE.",
                        most());
            }
            drop(earlyStamp());
        }
    }

    /** As many as take a tenth of what memory there may be. */
    private long most() {
        long limit = memoryLimit.getAsLong();
        return limit == 0 ? MOST : Math.min(MOST, limit / LIMIT_SHARE / BYTES);
    }

    private void drop(long upTo) {
        try (KeptKey kept = new KeptKey(keyspace.pages())) {
            for (int i = 0; i < keyspace.databases(); i++) {
                Database database = keyspace.database(i);
                if (database.tombstoneCount() > 0) {
                    for (int p = 0; p < keyspace.partitions(); p++) {
                        drop(database, keyspace.partition(p), upTo, kept);
                    }
                }
            }
        }
    }

    private void drop(Database database, Partition partition, long upTo, KeptKey kept) {
        long tombstones = partition.tombstones(database.index());
        long cursor = 0;
        do {
            partition.lock();
            try {
                count = 0;
                cursor =
                        RecordTable.walk(
                                tombstones,
                                cursor,
                                tombstone -> {
                                    if (Record.stamp(tombstone) <= upTo) {
                                        add(tombstone);
                                    }
                                });
                for (int i = 0; i < count; i++) {
                    long tombstone = found[i];
                    database.forgetTombstone(
                            kept.keep(Record.keyAddress(tombstone), Record.keyLength(tombstone)));
                }
            } finally {
                partition.unlock();
            }
        } while (cursor != 0);
    }

    /**
     * A stamp that about a tenth of the tombstones are not later than: from one segment of each
     * partition.
     */
    private long earlyStamp() {
        long[] stamps = new long[SAMPLE * keyspace.partitions()];
        int sampled = 0;
        for (int i = 0; i < keyspace.databases(); i++) {
            for (int p = 0; p < keyspace.partitions(); p++) {
                Partition partition = keyspace.partition(p);
                partition.lock();
                try {
                    count = 0;
                    RecordTable.walk(partition.tombstones(i), 0, this::add);
                    for (int n = 0; n < count && sampled < stamps.length; n++) {
                        stamps[sampled++] = Record.stamp(found[n]);
                    }
                } finally {
                    partition.unlock();
                }
            }
        }
        Arrays.sort(stamps, 0, sampled);
        return sampled == 0 ? 0 : stamps[sampled / DROPPED_SHARE];
    }

    private void add(long tombstone) {
        if (count == found.length) {
            found = Arrays.copyOf(found, count * 2);
        }
        found[count++] = tombstone;
    }
}
