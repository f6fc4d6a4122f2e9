package io.keydb.server.client;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.KeptKey;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.keyspace.Watcher;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's MULTI queue and watched keys.
 *
 * <p>Threads: confined to the thread that serves the client, but for the note that a watched key
 * has changed, which whoever changes it makes under that key's lock, and the numbers that CLIENT
 * LIST tells.
 */
public final class Transaction {
    private record WatchedKey(
            Database database, Partition partition, byte[] key, boolean expiredBefore) {}

    /** What is told of changes; a new one when keys are watched anew, so old ones may linger. */
    private static final class Changes implements Watcher {
        private volatile boolean seen;

        @Override
        public void invalidated() {
            seen = true;
        }
    }

    private @Nullable QueuedRequests queue;
    private boolean aborted;
    private final List<WatchedKey> watched = new ArrayList<>(0);
    private Changes changes = new Changes();

    /** Whether MULTI was called and neither EXEC nor DISCARD yet. */
    public boolean isOpen() {
        return queue != null;
    }

    public void open(Pages pages) {
        queue = new QueuedRequests(new OffHeapBuffer(pages));
    }

    /** Number of queued requests, -1 outside a transaction. Any thread, a moment late. */
    public int queuedCount() {
        QueuedRequests current = queue;
        return current == null ? -1 : current.count();
    }

    /** Bytes the queue takes. Any thread, a moment late. */
    public long queuedBytes() {
        QueuedRequests current = queue;
        return current == null ? 0 : current.memoryUsage();
    }

    /** The queue of an open transaction. */
    public QueuedRequests queue() {
        if (queue == null) {
            throw new IllegalStateException("no open transaction");
        }
        return queue;
    }

    /** Marks that a command was refused while queueing: EXEC will refuse to run. */
    public void abort() {
        if (isOpen()) {
            aborted = true;
        }
    }

    public boolean isAborted() {
        return aborted;
    }

    /** Ends queueing and frees the queue; watched keys stay. */
    public void close() {
        if (queue != null) {
            queue.close();
            queue = null;
        }
        aborted = false;
    }

    /** Whether a watched key has changed since it was watched. */
    public boolean isInvalidated() {
        return changes.seen;
    }

    public boolean watchesAnything() {
        return !watched.isEmpty();
    }

    /** Number of watched keys, as CLIENT LIST tells. */
    public int watchedCount() {
        return watched.size();
    }

    /** Watches a key; its lock is held. */
    public void watch(Database database, Key key) {
        byte[] bytes = key.bytes();
        for (WatchedKey known : watched) {
            if (known.database() == database && Arrays.equals(known.key(), bytes)) {
                return;
            }
        }
        boolean expired = database.peek(key) == 0 && database.stored(key) != 0;
        watched.add(new WatchedKey(database, database.keyspace().partitionOf(key), bytes, expired));
        database.watch(key, changes);
    }

    /** The partitions of the watched keys, as a set. */
    public long watchedPartitions() {
        long set = 0;
        for (WatchedKey known : watched) {
            set |= 1L << known.partition().index();
        }
        return set;
    }

    /** Whether a watched key has expired since it was watched. The keys' locks are held. */
    public boolean hasExpiredKey() {
        if (watched.isEmpty()) {
            return false;
        }
        Keyspace keyspace = watched.get(0).database().keyspace();
        try (KeptKey kept = new KeptKey(keyspace.pages())) {
            for (WatchedKey known : watched) {
                Key key = kept.keep(known.key());
                long record = known.database().stored(key);
                if (!known.expiredBefore() && record != 0 && known.partition().isExpired(record)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Forgets all watched keys. Waits for no lock: who has one at the moment does the rest. */
    public void unwatchAll() {
        if (watched.isEmpty()) {
            return;
        }
        for (WatchedKey known : watched) {
            known.database().unwatch(known.partition(), known.key(), changes);
        }
        watched.clear();
        changes = new Changes();
    }
}
