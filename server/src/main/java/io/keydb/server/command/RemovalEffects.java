package io.keydb.server.command;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EvictionListener;
import io.keydb.server.keyspace.ExpiryListener;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Tells the log of what nobody asked for: keys that were removed because their time had come or to
 * make room, as {@code DEL key} or {@code UNLINK key}, and expired members of collections, as
 * {@code HDEL key field} and its like.
 *
 * <p>That something expired is told to replicas, which wait for it; active nodes each remove it by
 * themselves at the same time, so the log keeps it from peers. An eviction is a deletion as any
 * other: on an active node it has a stamp of its own and leaves a tombstone, so that the key is
 * gone on all nodes, and a later write brings it back on all.
 *
 * <p>Threads: safe; a unit is used by one thread at a time.
 */
final class RemovalEffects implements ExpiryListener, EvictionListener {
    private static final byte[] DEL = "DEL".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UNLINK = "UNLINK".getBytes(StandardCharsets.US_ASCII);

    /** Threads that remove keys at the same time, as a rule no more. */
    private static final int KEPT_UNITS = 8;

    private final Keyspace keyspace;
    private final Statistics statistics;
    private final AtomicReferenceArray<@Nullable Effects> units =
            new AtomicReferenceArray<>(KEPT_UNITS);
    private volatile EffectLog log = EffectLog.unwanted();

    RemovalEffects(Keyspace keyspace, Statistics statistics) {
        this.keyspace = keyspace;
        this.statistics = statistics;
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
        Effects unit = begin();
        byte[] removal = keyspace.lazyFreeing().ofExpired() ? UNLINK : DEL;
        unit.command(database.index(), 2).argument(removal).argument(key.address(), key.length());
        current.appendExpiry(unit);
        giveBack(unit);
    }

    @Override
    public void evicted(Database database, Key key) {
        EffectLog current = log;
        boolean isStamped = keyspace.isStamped();
        long stamp = 0;
        if (isStamped) {
            stamp = current.nextStamp();
            database.bury(key, stamp, current.ownOrigin());
        }
        if (!current.isWanted()) {
            return;
        }
        Effects unit = begin();
        byte[] removal = keyspace.lazyFreeing().ofEvicted() && !isStamped ? UNLINK : DEL;
        unit.command(database.index(), 2).argument(removal).argument(key.address(), key.length());
        current.append(unit, stamp);
        giveBack(unit);
    }

    @Override
    public void memberExpired(Entry entry, byte[] removal, long address, int length) {
        EffectLog current = log;
        if (!current.areExpiriesWanted()) {
            return;
        }
        Key key = entry.key();
        Effects unit = begin();
        unit.command(entry.database().index(), 3).argument(removal);
        unit.argument(key.address(), key.length()).argument(address, length);
        current.appendExpiry(unit);
        giveBack(unit);
    }

    /** A unit that nobody else uses, to be given back. */
    private Effects begin() {
        Effects unit = null;
        for (int i = 0; i < KEPT_UNITS && unit == null; i++) {
            unit = units.getAndSet(i, null);
        }
        if (unit == null) {
            unit = new Effects(keyspace.pages());
        }
        unit.beginUnit(true);
        return unit;
    }

    private void giveBack(Effects unit) {
        for (int i = 0; i < KEPT_UNITS; i++) {
            if (units.compareAndSet(i, null, unit)) {
                return;
            }
        }
        unit.release();
    }
}
