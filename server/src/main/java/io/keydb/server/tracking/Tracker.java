package io.keydb.server.tracking;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientState;
import io.keydb.server.client.Clients;
import io.keydb.server.client.Trait;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * A client that keeps copies: how, and the way news takes to it.
 *
 * <p>Threads: changed on the thread that serves the client; news may come from any thread.
 */
final class Tracker implements ClientState {
    private static final byte[] BROKEN =
            "tracking-redir-broken".getBytes(StandardCharsets.US_ASCII);

    /** About what a prefix takes besides its bytes. */
    private static final long PREFIX_BYTES = 128;

    /** What a client asks for with CLIENT TRACKING ON. */
    record Options(
            long redirect, boolean broadcast, boolean optIn, boolean optOut, boolean noLoop) {}

    /** Changed keys of one prefix that the client was not told yet. */
    private static final class Prefix {
        private TreeSet<byte[]> changed = new TreeSet<>(Arrays::compareUnsigned);

        synchronized boolean add(byte[] key) {
            return changed.add(key) && changed.size() == 1;
        }

        synchronized Collection<byte[]> take() {
            TreeSet<byte[]> taken = changed;
            changed = new TreeSet<>(Arrays::compareUnsigned);
            return taken;
        }
    }

    private final Tracking tracking;
    private final Clients clients;
    private final Client client;

    private final ConcurrentSkipListMap<byte[], Prefix> prefixes =
            new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
    private volatile long prefixBytes;
    private volatile Options options;
    private volatile boolean isOn;

    Tracker(Tracking tracking, Clients clients, Client client, Options options) {
        this.tracking = tracking;
        this.clients = clients;
        this.client = client;
        this.options = options;
    }

    Client client() {
        return client;
    }

    Options options() {
        return options;
    }

    boolean isOn() {
        return isOn;
    }

    Collection<byte[]> prefixes() {
        return prefixes.keySet();
    }

    void on(Options newOptions, List<byte[]> newPrefixes) {
        options = newOptions;
        isOn = true;
        long bytes = prefixBytes;
        for (byte[] prefix : newPrefixes) {
            if (prefixes.putIfAbsent(prefix, new Prefix()) == null) {
                bytes += PREFIX_BYTES + prefix.length;
            }
        }
        prefixBytes = bytes;
        client.redirection(newOptions.redirect());
        client.set(Trait.TRACKS, true);
        client.set(Trait.TRACKS_PREFIXES, newOptions.broadcast());
    }

    @Override
    public long memoryBytes() {
        return prefixBytes;
    }

    void off() {
        isOn = false;
        prefixes.clear();
        prefixBytes = 0;
        client.redirection(-1);
        client.set(Trait.TRACKS, false);
        client.set(Trait.TRACKS_PREFIXES, false);
        client.set(Trait.IS_CACHING_EXCEPTION, false);
    }

    /** A key has changed of which the client keeps a copy. Any thread. */
    void changed(byte[] key) {
        send(List.of(key), false);
    }

    /** A key under one of the client's prefixes has changed. Any thread. */
    void changedUnder(byte[] prefix, byte[] key) {
        Prefix under = prefixes.get(prefix);
        if (under != null && under.add(key)) {
            deliver(under);
        }
    }

    private void deliver(Prefix under) {
        Client target = target();
        if (target != null) {
            target.mailbox().add(new Invalidation(under::take, target != client));
        } else {
            under.take();
        }
    }

    /** All keys may have changed. Any thread. */
    void allChanged() {
        send(List.of(), true);
    }

    private void send(List<byte[]> keys, boolean all) {
        Client target = target();
        if (target != null) {
            target.mailbox().add(new Invalidation(all ? null : () -> keys, target != client));
        }
    }

    /** Who is to be told; null when that one is gone, of which the client itself is told then. */
    private @Nullable Client target() {
        long redirect = options.redirect();
        if (redirect == 0) {
            return client;
        }
        Client target = clients.get(redirect);
        if (target == null) {
            client.redirectionBroken();
            client.mailbox()
                    .add(
                            (to, reply) -> {
                                if (to.protocol() >= 3) {
                                    reply.push(2);
                                    reply.bulk(BROKEN);
                                    reply.integer(redirect);
                                }
                            });
        }
        return target;
    }

    @Override
    public void ended() {
        tracking.off(this);
    }

    @Override
    public void killed() {
        tracking.forget(this);
    }
}
