package io.keydb.server.observability;

import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;
import java.util.random.RandomGenerator;

/**
 * INFO keyspace: the databases that hold keys.
 *
 * <p>Threads: safe; sizes are read while commands run.
 */
public final class KeyspaceSection implements ReportSection {
    static final Statistic KEYS = gauge("", "redis_db_keys", "Keys of each database.");
    static final Statistic EXPIRING =
            gauge("", "redis_db_keys_expiring", "Keys of each database that have an expiry.");
    static final Statistic MEAN_TTL =
            gauge(
                    "",
                    "redis_db_avg_ttl_seconds",
                    "Mean time to live of the expiring keys of each database, from a sample.");
    static final Statistic TOMBSTONES =
            gauge(
                    "",
                    "keydb_db_tombstones",
                    "Deleted keys of each database that an active node still remembers.");

    private static final String LABEL = "db";

    private final Keyspace keyspace;
    private final RandomGenerator random = RandomGenerator.getDefault();

    public KeyspaceSection(Keyspace keyspace) {
        this.keyspace = keyspace;
    }

    @Override
    public String name() {
        return "keyspace";
    }

    @Override
    public void report(Report report) {
        for (int i = 0; i < keyspace.databases(); i++) {
            Database database = keyspace.database(i);
            String name = LABEL + i;
            long keys = database.size();
            long expiring = database.expiringSize();
            long tombstones = database.tombstoneCount();
            if (keys > 0) {
                long mean = expiring == 0 ? 0 : meanMillis(i);
                report.text(name, "keys=%d,expires=%d,avg_ttl=%d".formatted(keys, expiring, mean));
                report.labelledFraction(MEAN_TTL, LABEL, name, mean / 1000.0);
            }
            if (keys > 0 || tombstones > 0) {
                report.labelled(KEYS, LABEL, name, keys);
                report.labelled(EXPIRING, LABEL, name, expiring);
                report.labelled(TOMBSTONES, LABEL, name, tombstones);
            }
        }
    }

    /** Mean time to live of a sample: one expiring key of each partition. */
    private long meanMillis(int database) {
        long now = keyspace.clock().millis();
        long sum = 0;
        int sampled = 0;
        for (int i = 0; i < keyspace.partitions(); i++) {
            Partition partition = keyspace.partition(i);
            partition.lock();
            try {
                long expiring = partition.expires(database);
                if (RecordTable.size(expiring) > 0) {
                    sum += Math.max(0, Record.expiry(RecordTable.random(expiring, random)) - now);
                    sampled++;
                }
            } finally {
                partition.unlock();
            }
        }
        return sampled == 0 ? 0 : sum / sampled;
    }
}
