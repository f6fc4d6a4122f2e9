package io.keydb.server.client;

import java.util.Collection;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * All connected clients by id, oldest first.
 *
 * <p>Threads: safe.
 */
public final class Clients {
    private final ConcurrentSkipListMap<Long, Client> byId = new ConcurrentSkipListMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicInteger count = new AtomicInteger();

    /** A new id; ids are never used again. */
    public long nextId() {
        return lastId.incrementAndGet();
    }

    public void add(Client client) {
        if (byId.put(client.id(), client) == null) {
            count.incrementAndGet();
        }
    }

    public void remove(Client client) {
        if (byId.remove(client.id()) != null) {
            count.decrementAndGet();
        }
    }

    /** Ends a client that is connected: when this returns, nothing shows it was ever there. */
    public void kill(Client client) {
        remove(client);
        client.kill();
    }

    public @Nullable Client get(long id) {
        return byId.get(id);
    }

    /** A live view of all clients, newest first. */
    public Collection<Client> newestFirst() {
        return byId.descendingMap().values();
    }

    /** A live view of all clients, oldest first. */
    public Collection<Client> all() {
        return byId.values();
    }

    public int count() {
        return count.get();
    }
}
