package io.keydb.server.client;

import java.util.Collection;
import java.util.concurrent.ConcurrentSkipListMap;
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

    /** A new id; ids are never used again. */
    public long nextId() {
        return lastId.incrementAndGet();
    }

    public void add(Client client) {
        byId.put(client.id(), client);
    }

    public void remove(Client client) {
        byId.remove(client.id());
    }

    public @Nullable Client get(long id) {
        return byId.get(id);
    }

    /** A live view of all clients, oldest first. */
    public Collection<Client> all() {
        return byId.values();
    }

    public int count() {
        return byId.size();
    }
}
