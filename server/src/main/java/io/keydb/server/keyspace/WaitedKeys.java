package io.keydb.server.keyspace;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one partition for which somebody waits, and which of them were touched. A small hash
 * table by the keys' own hashes, so that a write of any other key costs a look and no object.
 *
 * <p>Threads: confined to the partition lock, but for the counts.
 */
final class WaitedKeys {
    private static final int LEAST_BUCKETS = 16;

    private @Nullable WaitedKey[] buckets = new WaitedKey[LEAST_BUCKETS];
    private volatile int count;
    private volatile int withoutValue;
    private final List<WaitedKey> ready = new ArrayList<>();

    /** Number of keys. Any thread. */
    int count() {
        return count;
    }

    /** Number of keys for whose end somebody waits. Any thread. */
    int countWithoutValue() {
        return withoutValue;
    }

    KeyWait add(Database database, Key key, KeyWaiter waiter) {
        WaitedKey waited = find(database, key);
        if (waited == null) {
            if (count >= buckets.length) {
                grow();
            }
            waited = new WaitedKey(this, database, key);
            link(waited);
            count = count + 1;
        }
        return waited.add(waiter);
    }

    void touched(Database database, Key key) {
        WaitedKey waited = find(database, key);
        if (waited != null) {
            waited.ready();
        }
    }

    /** As if every key of the database had been touched. */
    void allTouched(Database database) {
        for (WaitedKey bucket : buckets) {
            for (WaitedKey key = bucket; key != null; key = key.nextInBucket) {
                if (key.database() == database) {
                    key.ready();
                }
            }
        }
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    /** Number of keys that were touched and whose waiters are not served yet. */
    int readyCount() {
        return ready.size();
    }

    /** Forgets that keys were touched, but for the first so many. */
    void keepReady(int kept) {
        while (ready.size() > kept) {
            ready.removeLast().notReady();
        }
    }

    /** The next touched key, which counts as not touched from now on; or null. */
    @Nullable WaitedKey takeReady() {
        if (ready.isEmpty()) {
            return null;
        }
        WaitedKey key = ready.removeFirst();
        key.notReady();
        return key;
    }

    void ready(WaitedKey key) {
        ready.add(key);
    }

    void countWithoutValue(int difference) {
        withoutValue = withoutValue + difference;
    }

    void remove(WaitedKey key) {
        if (key.isReady()) {
            ready.remove(key);
        }
        int bucket = bucket(key.key());
        WaitedKey at = buckets[bucket];
        if (at == key) {
            buckets[bucket] = key.nextInBucket;
        } else {
            while (at != null && at.nextInBucket != key) {
                at = at.nextInBucket;
            }
            if (at != null) {
                at.nextInBucket = key.nextInBucket;
            }
        }
        key.free();
        count = count - 1;
    }

    private @Nullable WaitedKey find(Database database, Key key) {
        WaitedKey at = buckets[bucket(key)];
        while (at != null && !at.is(database, key)) {
            at = at.nextInBucket;
        }
        return at;
    }

    private int bucket(Key key) {
        return (int) key.hash() & (buckets.length - 1);
    }

    private void link(WaitedKey key) {
        int bucket = bucket(key.key());
        key.nextInBucket = buckets[bucket];
        buckets[bucket] = key;
    }

    private void grow() {
        @Nullable WaitedKey[] old = buckets;
        buckets = new WaitedKey[old.length * 2];
        for (WaitedKey bucket : old) {
            WaitedKey key = bucket;
            while (key != null) {
                WaitedKey next = key.nextInBucket;
                link(key);
                key = next;
            }
        }
    }
}
