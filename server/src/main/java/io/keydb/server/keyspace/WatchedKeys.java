package io.keydb.server.keyspace;

import io.keydb.server.memory.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The watched keys of one partition and who watches each.
 *
 * <p>Threads: confined to the partition lock.
 */
final class WatchedKeys {
    private record Watched(int database, byte[] key) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Watched(int otherDatabase, byte[] otherKey)
                    && database == otherDatabase
                    && Arrays.equals(key, otherKey);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(key) * 31 + database;
        }
    }

    private final Map<Watched, List<Watcher>> watchers = new HashMap<>();

    boolean isEmpty() {
        return watchers.isEmpty();
    }

    void add(int database, byte[] key, Watcher watcher) {
        List<Watcher> list =
                watchers.computeIfAbsent(new Watched(database, key), k -> new ArrayList<>(1));
        if (!list.contains(watcher)) {
            list.add(watcher);
        }
    }

    void remove(int database, byte[] key, Watcher watcher) {
        Watched watched = new Watched(database, key);
        List<Watcher> list = watchers.get(watched);
        if (list != null && list.remove(watcher) && list.isEmpty()) {
            watchers.remove(watched);
        }
    }

    void invalidate(int database, Key key) {
        List<Watcher> list =
                watchers.get(new Watched(database, Memory.bytes(key.address(), key.length())));
        if (list != null) {
            list.forEach(Watcher::invalidated);
        }
    }

    /**
     * Invalidates the watchers of every key of {@code database} for which {@code changes} holds.
     */
    void invalidateAll(int database, java.util.function.Predicate<byte[]> changes) {
        watchers.forEach(
                (watched, list) -> {
                    if (watched.database() == database && changes.test(watched.key())) {
                        list.forEach(Watcher::invalidated);
                    }
                });
    }
}
