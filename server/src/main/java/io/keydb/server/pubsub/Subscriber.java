package io.keydb.server.pubsub;

import io.keydb.server.client.Client;
import io.keydb.server.client.Listening;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A client that listens, and to what.
 *
 * <p>Threads: messages may come from any thread; they are sent on the event loop of the client's
 * connection. What it listens to is changed on the thread that serves it and read by any.
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
        for (Kind kind : Kind.values()) {
            for (Name name : names(kind)) {
                subscriptions.remove(kind, name, this);
            }
            names(kind).clear();
        }
        counted();
    }
}
