package io.keydb.server.command;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.ExpiryListener;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Tells the log of keys that were removed because their time had come, as {@code DEL key}, and of
 * expired members of collections, as {@code HDEL key field} and its like. That is for replicas,
 * which wait to be told; active nodes each remove the key by themselves at the same time, so the
 * log keeps it from peers.
 *
 * <p>Threads: safe; whoever removes a key holds its partition's lock, and every partition has a
 * unit of its own.
 */
final class ExpiryEffects implements ExpiryListener {
    private static final byte[] DEL = "DEL".getBytes(StandardCharsets.US_ASCII);

    private final Keyspace keyspace;
    private final Statistics statistics;
    private final @Nullable Effects[] units;
    private volatile EffectLog log = EffectLog.unwanted();

    ExpiryEffects(Keyspace keyspace, Statistics statistics) {
        this.keyspace = keyspace;
        this.statistics = statistics;
        this.units = new Effects[keyspace.partitions()];
    }

    void effectLog(EffectLog newLog) {
        log = newLog;
    }

    @Override
    public void expired(Database database, Key key) {
        statistics.expiredKeys().increment();
        EffectLog current = log;
        if (!current.areExpiriesWanted()) {
            return;
        }
        Effects unit = begin(key);
        unit.command(database.index(), 2).argument(DEL).argument(key.address(), key.length());
        current.appendExpiry(unit);
    }

    @Override
    public void memberExpired(Entry entry, byte[] removal, long address, int length) {
        EffectLog current = log;
        if (!current.areExpiriesWanted()) {
            return;
        }
        Key key = entry.key();
        Effects unit = begin(key);
        unit.command(entry.database().index(), 3).argument(removal);
        unit.argument(key.address(), key.length()).argument(address, length);
        current.appendExpiry(unit);
    }

    private Effects begin(Key key) {
        int partition = keyspace.partitionOf(key).index();
        Effects unit = units[partition];
        if (unit == null) {
            unit = new Effects(keyspace.pages());
            units[partition] = unit;
        }
        unit.beginUnit(true);
        return unit;
    }
}
