package io.keydb.server.keyspace;

import io.keydb.server.structure.Record;
import io.keydb.server.value.CollectionType;
import io.keydb.server.value.Members;
import io.keydb.server.value.Values;

/**
 * Removes what the server removes by itself: keys and members whose time has come, and keys to make
 * room for others. Each removal is told to who listens, so that it reaches the log, and as an event
 * of the keyspace.
 *
 * <p>Threads: safe; each method needs the lock of the key it is given.
 */
public final class Removals {
    private final Keyspace keyspace;
    private volatile ExpiryListener expiryListener = (database, key) -> {};
    private volatile EvictionListener evictionListener = (database, key) -> {};

    Removals(Keyspace keyspace) {
        this.keyspace = keyspace;
    }

    /** Who hears of expired keys from now on. */
    public void expiryListener(ExpiryListener listener) {
        expiryListener = listener;
    }

    /** Who hears of evicted keys from now on. */
    public void evictionListener(EvictionListener listener) {
        evictionListener = listener;
    }

    /**
     * Removes a key to make room and tells the listener. Needs the key's lock. The key may be that
     * of the record itself.
     */
    public void evict(Database database, Key key, long record) {
        database.detach(key, record);
        keyspace.events().tell(EventClass.EVICTED, "evicted", database, key);
        evictionListener.evicted(database, key);
        keyspace.partitionOf(key).discard(record);
    }

    /**
     * Removes a key whose time has come and tells the listener. Needs the key's lock. The key may
     * be that of the record itself.
     */
    public void expireNow(Database database, Key key, long record) {
        database.detach(key, record);
        if (keyspace.expiryMode() == ExpiryMode.REMOVE_AND_BURY) {
            database.bury(key, Record.stamp(record), Record.origin(record));
        }
        keyspace.events().tell(EventClass.EXPIRED, "expired", database, key);
        expiryListener.expired(database, key);
        keyspace.partitionOf(key).discard(record);
    }

    /**
     * Removes members whose time has come, at most so many, and the key with the last of them;
     * tells the listener. Needs the key's lock; not on a replica.
     *
     * @return the record, 0 when the key is gone
     */
    long expireMembers(Database database, Key key, long record, long most) {
        long moment = keyspace.partitionOf(key).moment();
        Entry entry = new Entry().set(database, key, record);
        CollectionType type = (CollectionType) Values.of(record);
        long root = Record.number(record);
        long left = most;
        for (long member = Members.due(root, moment);
                member != 0 && left > 0;
                member = Members.due(root, moment)) {
            if (left-- == most) {
                entry.beforeChange();
            }
            long address = Record.keyAddress(member);
            expiryListener.memberExpired(entry, type.removal(), address, Record.keyLength(member));
            type.remove(entry, member);
        }
        if (left < most && Record.type(record) == Record.HASH) {
            keyspace.events().tell(EventClass.HASH, "hexpired", database, key);
        }
        if (Members.size(root) > 0) {
            return record;
        }
        long stamp = Record.stamp(record);
        int origin = Record.origin(record);
        entry.remove();
        if (keyspace.expiryMode() == ExpiryMode.REMOVE_AND_BURY) {
            database.bury(key, stamp, origin);
        }
        keyspace.events().tell(EventClass.GENERIC, "del", database, key);
        return 0;
    }
}
