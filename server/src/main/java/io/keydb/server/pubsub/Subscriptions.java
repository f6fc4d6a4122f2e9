package io.keydb.server.pubsub;

import io.keydb.server.client.Client;
import io.keydb.server.support.GlobPattern;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who listens to what, in the whole server.
 *
 * <p>The listeners of a name are an array that is never changed, only replaced, so publishing takes
 * no lock.
 *
 * <p>Threads: safe.
 */
public final class Subscriptions {
    /** Those who listen to a pattern. */
    private record Pattern(GlobPattern glob, Subscriber[] listeners) {}

    private static final Subscriber[] NOBODY = {};

    private final Map<Name, Subscriber[]> channels = new ConcurrentHashMap<>();
    private final Map<Name, Subscriber[]> shardChannels = new ConcurrentHashMap<>();
    private final Map<Name, Pattern> patterns = new ConcurrentHashMap<>();

    /** Number of channels that somebody listens to. */
    public int channels() {
        return channels.size();
    }

    /** Number of patterns that somebody listens to. */
    public int patterns() {
        return patterns.size();
    }

    /** Number of sharded channels that somebody listens to. */
    public int shardChannels() {
        return shardChannels.size();
    }

    /** Sends a message to a channel; gives how many receive it. Any thread. */
    public int publish(byte[] channel, byte[] payload) {
        Name name = new Name(channel);
        int receivers = send(channels.getOrDefault(name, NOBODY), Kind.CHANNEL, name, payload);
        for (Map.Entry<Name, Pattern> entry : patterns.entrySet()) {
            if (entry.getValue().glob().matches(channel)) {
                Message message = Message.matching(entry.getKey(), name, payload);
                for (Subscriber listener : entry.getValue().listeners()) {
                    listener.deliver(message);
                    receivers++;
                }
            }
        }
        return receivers;
    }

    /** Sends a message to a sharded channel; gives how many receive it. Any thread. */
    public int publishToShard(byte[] channel, byte[] payload) {
        Name name = new Name(channel);
        Subscriber[] listeners = shardChannels.getOrDefault(name, NOBODY);
        return send(listeners, Kind.SHARD_CHANNEL, name, payload);
    }

    private static int send(Subscriber[] listeners, Kind kind, Name name, byte[] payload) {
        if (listeners.length > 0) {
            Message message = Message.to(kind, name, payload);
            for (Subscriber listener : listeners) {
                listener.deliver(message);
            }
        }
        return listeners.length;
    }

    /** The client as one who listens. */
    Subscriber subscriber(Client client) {
        Subscriber known = client.state(Subscriber.class);
        if (known != null) {
            return known;
        }
        Subscriber subscriber = new Subscriber(this, client);
        client.attach(subscriber);
        return subscriber;
    }

    /** From now on the subscriber listens to that. */
    void add(Kind kind, Name name, Subscriber subscriber) {
        if (kind == Kind.PATTERN) {
            patterns.compute(
                    name,
                    (key, known) ->
                            new Pattern(
                                    known == null
                                            ? GlobPattern.compile(name.bytes())
                                            : known.glob(),
                                    with(known == null ? NOBODY : known.listeners(), subscriber)));
        } else {
            of(kind).compute(
                            name, (key, known) -> with(known == null ? NOBODY : known, subscriber));
        }
    }

    /** It does not any more. */
    void remove(Kind kind, Name name, Subscriber subscriber) {
        if (kind == Kind.PATTERN) {
            patterns.computeIfPresent(
                    name,
                    (key, known) -> {
                        Subscriber[] rest = without(known.listeners(), subscriber);
                        return rest.length == 0 ? null : new Pattern(known.glob(), rest);
                    });
        } else {
            of(kind).computeIfPresent(
                            name,
                            (key, known) -> {
                                Subscriber[] rest = without(known, subscriber);
                                return rest.length == 0 ? null : rest;
                            });
        }
    }

    /** The names of the channels or sharded channels that somebody listens to. */
    List<byte[]> names(Kind kind) {
        return of(kind).keySet().stream().map(Name::bytes).toList();
    }

    /** How many listen to the channel or sharded channel. */
    int listeners(Kind kind, byte[] channel) {
        return of(kind).getOrDefault(new Name(channel), NOBODY).length;
    }

    private Map<Name, Subscriber[]> of(Kind kind) {
        return kind == Kind.SHARD_CHANNEL ? shardChannels : channels;
    }

    private static Subscriber[] with(Subscriber[] listeners, Subscriber one) {
        Subscriber[] more = Arrays.copyOf(listeners, listeners.length + 1);
        more[listeners.length] = one;
        return more;
    }

    private static Subscriber[] without(Subscriber[] listeners, Subscriber one) {
        return Arrays.stream(listeners)
                .filter(listener -> listener != one)
                .toArray(Subscriber[]::new);
    }
}
