package io.keydb.server.observability;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientDirectives;
import io.keydb.server.client.ClientKind;
import io.keydb.server.client.Clients;
import io.keydb.server.client.Trait;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directives;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.net.NetworkDirectives;
import io.keydb.server.support.TestClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients go while too much processor time is used, the newest first, and not all at once. */
class OverloadProtectionTest {
    private static final long PERIOD = 10_000;
    private static final long TICK = 100;

    private final TestClock clock = new TestClock(0);
    private final Keyspace keyspace = new Keyspace(1, 1, false, true, clock);
    private final Clients clients = new Clients();
    private final Configuration configuration =
            new Configuration(Directives.of(ClientDirectives.ALL, NetworkDirectives.ALL));
    private final List<Long> closed = new ArrayList<>();
    private double used;
    private final OverloadProtection protection;

    OverloadProtectionTest() {
        configuration.put(NetworkDirectives.SERVER_THREADS, 2L);
        configuration.put(ClientDirectives.OVERLOAD_PROTECT_PERCENT, 80L);
        protection =
                new OverloadProtection(
                        clients,
                        configuration,
                        clock,
                        () -> used,
                        client -> {
                            closed.add(client.id());
                            clients.remove(client);
                            return true;
                        });
        for (int i = 0; i < 50; i++) {
            clients.add(new Client(clients.nextId(), null, keyspace.database(0), 0));
        }
        protection.sample();
    }

    @AfterEach
    void close() {
        keyspace.lock(keyspace.allPartitions());
        keyspace.close();
    }

    private Client client(long id) {
        return requireNonNull(clients.get(id));
    }

    /** A period in which so much of two processors was used. */
    private void period(double share) {
        clock.advanceMillis(PERIOD);
        used += share * 2 * PERIOD / 1000;
        protection.sample();
    }

    private void tick() {
        clock.advanceMillis(TICK);
        protection.sample();
    }

    @Test
    void nobodyGoesWhileThereIsEnough() {
        period(0.79);
        tick();
        assertThat(closed).isEmpty();
    }

    @Test
    void theNewestGoUntilItIsOver() {
        period(0.9);
        assertThat(closed).isEmpty();
        tick();
        assertThat(closed).containsExactly(50L, 49L, 48L, 47L, 46L, 45L, 44L, 43L, 42L, 41L);
        tick();
        assertThat(closed).hasSize(20).endsWith(31L);
        clock.advanceMillis(PERIOD - 2 * TICK);
        protection.sample();
        tick();
        assertThat(closed).hasSize(20);
    }

    @Test
    void someAreSpared() {
        client(50).kind(ClientKind.REPLICA);
        client(49).kind(ClientKind.PRIMARY);
        client(48).set(Trait.NOT_EVICTED, true);
        period(0.9);
        clock.advanceMillis(20);
        protection.sample();
        assertThat(closed).containsExactly(47L, 46L);
    }

    @Test
    void itCanBeSwitchedOff() {
        period(0.9);
        configuration.put(ClientDirectives.OVERLOAD_PROTECT_PERCENT, 0L);
        tick();
        configuration.put(ClientDirectives.OVERLOAD_PROTECT_PERCENT, 80L);
        used += 1000;
        tick();
        tick();
        assertThat(closed).isEmpty();
    }
}
