package io.keydb.server.keyspace;

import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keys that clients have written on a replica that lets them. Its primary does not know of them, so
 * nobody else would ever remove those whose time has come.
 *
 * <p>Threads: safe; {@link #expire} takes the lock of one partition at a time.
 */
public final class LocalKeys {
    private final Keyspace keyspace;
    private final Set<Name> names = ConcurrentHashMap.newKeySet();

    private record Name(int database, ByteBuffer key) {}

    LocalKeys(Keyspace keyspace) {
        this.keyspace = keyspace;
    }

    /** A client has written this key. */
    public void add(int database, Key key) {
        byte[] bytes = Memory.bytes(key.address(), key.length());
        names.add(new Name(database, ByteBuffer.wrap(bytes)));
    }

    /** Removes those whose time has come, and forgets those that do not expire. */
    void expire() {
        if (names.isEmpty()) {
            return;
        }
        try (KeptKey kept = new KeptKey(keyspace.pages())) {
            names.removeIf(name -> isSettled(name, kept.keep(name.key().array())));
        }
    }

    private boolean isSettled(Name name, Key key) {
        Database database = keyspace.database(name.database());
        Partition partition = keyspace.partitionOf(key);
        partition.lock();
        try {
            long record = database.stored(key);
            if (record == 0 || !Record.hasExpiry(record)) {
                return true;
            }
            boolean isDue = partition.isExpired(record);
            if (isDue) {
                keyspace.removals().expireNow(database, key, record);
            }
            return isDue;
        } finally {
            partition.unlock();
        }
    }

    /** How many there are, those included that do not expire and are not forgotten yet. */
    public int count() {
        return names.size();
    }

    /** The server has become a primary: it looks after all keys. */
    void clear() {
        names.clear();
    }
}
