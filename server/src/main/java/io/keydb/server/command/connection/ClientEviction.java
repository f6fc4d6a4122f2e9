package io.keydb.server.command.connection;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientDirectives;
import io.keydb.server.client.ClientKind;
import io.keydb.server.client.Clients;
import io.keydb.server.client.Trait;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Setting;
import io.keydb.server.keyspace.KeyspaceDirectives;
import io.keydb.server.support.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disconnects clients while all together take too much memory: {@code maxmemory-clients}. Those
 * that take most go first, until the others take less than the limit.
 *
 * <p>Each event loop tells of its own clients when their buffers may have changed; only a change of
 * {@link #STEP_BYTES} or more moves the common sum. Because of that, and of clients that have gone,
 * the sum is a guess. When it reaches the limit, and a few times a second, all clients are
 * measured, which makes it exact and is the only way to a decision.
 *
 * <p>Threads: safe. Reviews are one at a time; they may be asked for by whoever holds no lock that
 * ending a client takes.
 */
public final class ClientEviction {
    private static final Logger LOG = LoggerFactory.getLogger(ClientEviction.class);

    /** Changes of a client by less are left to the next review. */
    private static final long STEP_BYTES = 16 * 1024;

    /** With less, nobody could talk to the server at all. */
    private static final long LEAST_BYTES = 128 * 1024;

    private static final double PERCENT = 100;

    private record Candidate(Client client, long bytes) {}

    private final Clients clients;
    private final Setting<Long> given;
    private final Setting<Long> maxmemory;
    private final LongAdder evicted;
    private final Clock clock;
    private final AtomicLong sum = new AtomicLong();

    /** The sum from which there is something to review. */
    private volatile long threshold;

    private boolean isStuck;

    /**
     * @param evicted counts the clients that were disconnected
     */
    public ClientEviction(
            Clients clients, Configuration configuration, LongAdder evicted, Clock clock) {
        this.clients = clients;
        this.given = configuration.setting(ClientDirectives.MAXMEMORY_CLIENTS);
        this.maxmemory = configuration.setting(KeyspaceDirectives.MAXMEMORY);
        this.evicted = evicted;
        this.clock = clock;
        review();
    }

    /** What a client takes may have changed; on the loop that serves it. */
    public void changed(Client client) {
        if (!isCounted(client) || client.isKilled()) {
            return;
        }
        long bytes = client.memoryBytes();
        long more = bytes - client.countedBytes();
        if (Math.abs(more) >= STEP_BYTES) {
            client.countedBytes(bytes);
            if (sum.addAndGet(more) >= threshold) {
                review();
            }
        }
    }

    /** Measures all clients, and disconnects some when they take too much. */
    public synchronized void review() {
        long limit = limit();
        if (limit == 0) {
            threshold = Long.MAX_VALUE;
            isStuck = false;
            return;
        }
        long total = 0;
        for (Client client : clients.all()) {
            if (isCounted(client)) {
                long bytes = client.memoryBytes();
                client.countedBytes(bytes);
                total += bytes;
            }
        }
        if (total >= limit) {
            total = evict(total, limit);
        }
        boolean isOver = total >= limit;
        if (isOver && !isStuck) {
            LOG.warn("Over client maxmemory after evicting all evictable clients");
        }
        isStuck = isOver;
        sum.set(total);
        // what cannot be helped is not looked at again and again
        threshold = isOver ? total + STEP_BYTES : limit;
    }

    /** Gives what those take that are left. */
    private long evict(long total, long limit) {
        List<Candidate> candidates = new ArrayList<>();
        for (Client client : clients.all()) {
            if (isCounted(client) && !client.has(Trait.NOT_EVICTED)) {
                candidates.add(new Candidate(client, client.countedBytes()));
            }
        }
        candidates.sort(Comparator.comparingLong(Candidate::bytes).reversed());
        long left = total;
        for (Candidate candidate : candidates) {
            if (left < limit) {
                break;
            }
            Client client = candidate.client();
            LOG.info("Evicting client: {}", ClientLine.of(client, clock.millis()));
            clients.kill(client);
            evicted.increment();
            left -= candidate.bytes();
        }
        return left;
    }

    /** Bytes from which clients have to go; 0 for no limit. */
    private long limit() {
        long value = given.value();
        long most = maxmemory.value();
        if (value == 0 || (value < 0 && most == 0)) {
            return 0;
        }
        long bytes = value > 0 ? value : (long) ((double) most * -value / PERCENT);
        return Math.max(bytes, LEAST_BYTES);
    }

    private static boolean isCounted(Client client) {
        ClientKind kind = client.kind();
        return kind == ClientKind.NORMAL || kind == ClientKind.PUBSUB;
    }
}
