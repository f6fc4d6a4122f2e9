package io.keydb.server.tracking;

import io.keydb.server.client.Client;
import io.keydb.server.client.Clients;
import io.keydb.server.client.Trait;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandFlag;
import io.keydb.server.command.KeyFinder;
import io.keydb.server.command.ReadTracking;
import io.keydb.server.keyspace.KeptKey;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.KeyTracker;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.resp.Request;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who keeps copies of what, in the whole server.
 *
 * <p>Threads: safe. What concerns a key happens under the lock of its partition.
 */
public final class Tracking implements KeyTracker, ReadTracking {
    /** More than one, so that a table shrinks when the limit has been lowered. */
    private static final int FORGOTTEN_PER_READ = 2;

    private static final int FORGOTTEN_PER_LOCK = 100;

    private final Keyspace keyspace;
    private final Clients clients;
    private final LongSupplier mostKeys;
    private final TrackedKeys[] tables;
    private final Map<Long, Tracker> trackers = new ConcurrentHashMap<>();
    private final Map<byte[], Set<Tracker>> prefixes =
            new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

    /** The tracking client whose unit runs on this thread. */
    private final ThreadLocal<@Nullable Client> acting = new ThreadLocal<>();

    /**
     * @param mostKeys for how many keys it is remembered who keeps copies; 0 is no limit
     */
    public Tracking(Keyspace keyspace, Clients clients, LongSupplier mostKeys) {
        this.keyspace = keyspace;
        this.clients = clients;
        this.mostKeys = mostKeys;
        this.tables = new TrackedKeys[keyspace.partitions()];
        for (int i = 0; i < tables.length; i++) {
            tables[i] = new TrackedKeys(keyspace.pages());
        }
    }

    /** Clients that keep copies. */
    public int clients() {
        return trackers.size();
    }

    /** Keys of which somebody may keep a copy. */
    public long keys() {
        long sum = 0;
        for (TrackedKeys table : tables) {
            sum += table.keys();
        }
        return sum;
    }

    /** Pairs of such a key and a client. */
    public long items() {
        long sum = 0;
        for (TrackedKeys table : tables) {
            sum += table.items();
        }
        return sum;
    }

    /** Prefixes whose changes are told. */
    public int prefixes() {
        return prefixes.size();
    }

    // ---- clients, on the thread that serves them

    @Nullable Tracker of(Client client) {
        Tracker known = client.state(Tracker.class);
        return known != null && known.isOn() ? known : null;
    }

    void on(Client client, Tracker.Options options, List<byte[]> newPrefixes) {
        Tracker tracker = client.state(Tracker.class);
        if (tracker == null) {
            tracker = new Tracker(this, clients, client, options);
            client.attach(tracker);
        }
        tracker.on(options, newPrefixes);
        synchronized (this) {
            if (client.isKilled()) {
                return;
            }
            for (byte[] prefix : newPrefixes) {
                prefixes.computeIfAbsent(prefix, _ -> ConcurrentHashMap.newKeySet()).add(tracker);
            }
            trackers.put(client.id(), tracker);
            keyspace.tracker(this);
        }
    }

    void off(Tracker tracker) {
        forget(tracker);
        tracker.off();
    }

    /** From now on the client is told nothing. Any thread. */
    synchronized void forget(Tracker tracker) {
        for (byte[] prefix : tracker.prefixes()) {
            Set<Tracker> listeners = prefixes.get(prefix);
            if (listeners != null && listeners.remove(tracker) && listeners.isEmpty()) {
                prefixes.remove(prefix);
            }
        }
        trackers.remove(tracker.client().id());
    }

    // ---- reading, under the locks of the unit

    @Override
    public void unitBegins(Client client, ReplyWriter reply) {
        acting.set(client);
        client.mailbox().drainTo(reply);
    }

    @Override
    public void unitEnds() {
        if (acting.get() != null) {
            acting.remove();
        }
    }

    @Override
    public void read(Client client, Command command, Request request) {
        Tracker tracker = trackers.get(client.id());
        if (tracker == null
                || tracker.options().broadcast()
                || command.has(CommandFlag.PUBSUB)
                || !isRemembered(tracker.options(), client.has(Trait.IS_CACHING_EXCEPTION))) {
            return;
        }
        Key key = new Key();
        KeyFinder.find(
                command,
                request,
                (i, spec) ->
                        remember(
                                key.set(request.address(i), command.keyLength(request, i)),
                                client.id()));
    }

    private static boolean isRemembered(Tracker.Options options, boolean isException) {
        return options.optIn() ? isException : !(options.optOut() && isException);
    }

    private void remember(Key key, long client) {
        Partition partition = keyspace.partitionOf(key);
        assert partition.isLockedByMe();
        if (tables[partition.index()].add(key, client)) {
            forgetSome(partition, FORGOTTEN_PER_READ);
        }
    }

    /** Keeps the number of keys bounded: what is forgotten is told to be stale. */
    private void forgetSome(Partition partition, int most) {
        long limit = mostKeys.getAsLong();
        if (limit == 0) {
            return;
        }
        TrackedKeys table = tables[partition.index()];
        long excess = Math.min(keys() - limit, Math.min(most, table.keys()));
        if (excess <= 0) {
            return;
        }
        try (KeptKey kept = new KeptKey(keyspace.pages())) {
            for (long i = 0; i < excess; i++) {
                byte[] bytes = table.randomKey(ThreadLocalRandom.current());
                // nobody has changed it, so it is no loop either
                tell(table.take(kept.keep(bytes)), bytes, null);
            }
        }
    }

    /**
     * Forgets what is beyond the limit, and everything when nobody keeps copies any more; to be
     * called again and again. Takes the lock of one partition at a time.
     */
    public void trim() {
        trim(
                partition -> {
                    partition.lock();
                    return true;
                });
        if (keyspace.tracker() != null && keys() == 0) {
            rest();
        }
    }

    /** The limit has changed: forgets at once what is beyond, where that needs no waiting. */
    public void limitChanged() {
        trim(partition -> partition.tryLock(keyspace.clock().millis(), 0));
    }

    private void trim(Predicate<Partition> locking) {
        for (int i = 0; i < tables.length; i++) {
            Partition partition = keyspace.partition(i);
            TrackedKeys table = tables[i];
            while (isTooLarge(table) && locking.test(partition)) {
                try {
                    if (trackers.isEmpty()) {
                        table.clear();
                    } else {
                        forgetSome(partition, FORGOTTEN_PER_LOCK);
                    }
                } finally {
                    partition.unlock();
                }
            }
        }
    }

    private boolean isTooLarge(TrackedKeys table) {
        long limit = mostKeys.getAsLong();
        return table.keys() > 0 && (trackers.isEmpty() || (limit != 0 && keys() > limit));
    }

    /** Changes of keys concern nobody, as long as nobody keeps copies. */
    private synchronized void rest() {
        if (trackers.isEmpty()) {
            keyspace.tracker(null);
        }
    }

    // ---- changes, under the lock of the key

    @Override
    public void changing(Partition partition, Key key) {
        long[] ids = tables[partition.index()].take(key);
        if (ids.length > 0 || !prefixes.isEmpty()) {
            byte[] bytes = key.bytes();
            tell(ids, bytes, acting.get());
            tellUnderPrefixes(bytes);
        }
    }

    private void tell(long[] ids, byte[] key, @Nullable Client by) {
        for (long id : ids) {
            Tracker tracker = trackers.get(id);
            if (tracker != null && !tracker.options().broadcast() && !isLoop(tracker, by)) {
                tracker.changed(key);
            }
        }
    }

    private void tellUnderPrefixes(byte[] key) {
        Client by = acting.get();
        prefixes.forEach(
                (prefix, listeners) -> {
                    if (startsWith(key, prefix)) {
                        for (Tracker tracker : listeners) {
                            if (!isLoop(tracker, by)) {
                                tracker.changedUnder(prefix, key);
                            }
                        }
                    }
                });
    }

    private static boolean isLoop(Tracker tracker, @Nullable Client by) {
        return tracker.options().noLoop() && tracker.client() == by;
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length
                && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    @Override
    public void allChanging() {
        for (TrackedKeys table : tables) {
            table.clear();
        }
        trackers.values().forEach(Tracker::allChanged);
    }
}
