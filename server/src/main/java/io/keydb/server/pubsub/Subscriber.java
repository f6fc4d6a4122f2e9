package io.keydb.server.pubsub;

import io.keydb.server.client.Client;
import io.keydb.server.client.Listening;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A client that listens, and to what.
 *
 * <p>Threads: messages may come from any thread; they are sent on the event loop of the client's
 * connection. What it listens to is changed on the thread that serves it, or by whoever kills it,
 * under the monitor of this object, and read by any.
 */
final class Subscriber implements Listening {
    private final Subscriptions subscriptions;
    private final Client client;
    private final Set<Name> channels = ConcurrentHashMap.newKeySet();
    private final Set<Name> patterns = ConcurrentHashMap.newKeySet();
    private final Set<Name> shardChannels = ConcurrentHashMap.newKeySet();

    Subscriber(Subscriptions subscriptions, Client client) {
        this.subscriptions = subscriptions;
        this.client = client;
    }

    /** What it listens to in this way. */
    Set<Name> names(Kind kind) {
        return switch (kind) {
            case CHANNEL -> channels;
            case PATTERN -> patterns;
            case SHARD_CHANNEL -> shardChannels;
        };
    }

    /** The number that confirmations tell: channels and patterns together, or sharded channels. */
    int count(Kind kind) {
        return kind == Kind.SHARD_CHANNEL
                ? shardChannels.size()
                : channels.size() + patterns.size();
    }

    /** Begins to listen, unless the client does already or is killed. */
    synchronized void listen(Kind kind, Name name) {
        if (!client.isKilled() && names(kind).add(name)) {
            subscriptions.add(kind, name, this);
        }
    }

    /** Listens no longer. */
    synchronized void stop(Kind kind, Name name) {
        if (names(kind).remove(name)) {
            subscriptions.remove(kind, name, this);
        }
    }

    /** Lets the client know how much it listens to. */
    void counted() {
        client.listening(channels.size(), patterns.size(), shardChannels.size());
    }

    /** Puts a message into the client's mailbox. Any thread. */
    void deliver(Message message) {
        client.mailbox().add(message);
    }

    @Override
    public boolean isAllowedBy(Rule rule) {
        for (Kind kind : Kind.values()) {
            for (Name name : names(kind)) {
                if (!rule.allows(name.bytes(), kind == Kind.PATTERN)) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public void ended() {
        killed();
        counted();
    }

    @Override
    public synchronized void killed() {
        for (Kind kind : Kind.values()) {
            for (Name name : names(kind)) {
                subscriptions.remove(kind, name, this);
            }
            names(kind).clear();
        }
    }
}
