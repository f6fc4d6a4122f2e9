package io.keydb.server.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
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
    private final ConcurrentSkipListMap<Long, Link> links = new ConcurrentSkipListMap<>();
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

    /** As {@link #get}, those of links included. */
    public @Nullable Client find(long id) {
        Client client = byId.get(id);
        Link link = client == null ? links.get(id) : null;
        return link == null ? client : link.client();
    }

    /** A live view of all clients, newest first. */
    public Collection<Client> newestFirst() {
        return byId.descendingMap().values();
    }

    /** A live view of all clients, oldest first. */
    public Collection<Client> all() {
        return byId.values();
    }

    /** What a server that is followed says is said by a client, over a link that can be ended. */
    private record Link(Client client, Runnable end) {}

    /** Adds the client of a link that this server has opened; it is shown, and counts nowhere. */
    public void addLink(Client client, Runnable end) {
        links.put(client.id(), new Link(client, end));
    }

    public void removeLink(Client client) {
        links.remove(client.id());
    }

    /** All clients and those of links, oldest first. */
    public List<Client> withLinks() {
        List<Client> all = new ArrayList<>(byId.values());
        if (!links.isEmpty()) {
            links.values().forEach(link -> all.add(link.client()));
            all.sort(Comparator.comparingLong(Client::id));
        }
        return all;
    }

    /** Ends a link; it will be opened again. */
    public void endLink(Client client) {
        Link link = links.get(client.id());
        if (link != null) {
            link.end().run();
        }
    }

    public int count() {
        return count.get();
    }
}
