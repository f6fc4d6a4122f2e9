package io.keydb.server.observability;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientDirectives;
import io.keydb.server.client.ClientKind;
import io.keydb.server.client.Clients;
import io.keydb.server.client.Trait;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Setting;
import io.keydb.server.net.Connection;
import io.keydb.server.net.NetworkDirectives;
import io.keydb.server.support.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disconnects clients while the process uses too much processor time: {@code
 * overload-protect-percent}. Every ten seconds it is seen whether it has used too much since; if
 * so, a hundred clients a second have to go until it has not.
 *
 * <p>Threads: sampled by one thread.
 */
public final class OverloadProtection {
    private static final Logger LOG = LoggerFactory.getLogger(OverloadProtection.class);
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long NANOS_PER_CLIENT = TimeUnit.MILLISECONDS.toNanos(10);
    private static final double PERCENT = 100;

    private final Clients clients;
    private final Setting<Long> percent;
    private final long threads;
    private final Clock clock;
    private final DoubleSupplier processorSeconds;
    private final Predicate<Client> closing;
    private boolean isMeasuring;
    private boolean isOverloaded;
    private long sinceNanos;
    private double sinceSeconds;
    private long closedUntilNanos;

    public OverloadProtection(Clients clients, Configuration configuration, Clock clock) {
        this(
                clients,
                configuration,
                clock,
                OverloadProtection::processorSeconds,
                OverloadProtection::close);
    }

    /**
     * @param processorSeconds processor time that the process has used
     * @param closing disconnects a client and gives whether it could
     */
    OverloadProtection(
            Clients clients,
            Configuration configuration,
            Clock clock,
            DoubleSupplier processorSeconds,
            Predicate<Client> closing) {
        this.clients = clients;
        this.percent = configuration.setting(ClientDirectives.OVERLOAD_PROTECT_PERCENT);
        this.threads = configuration.value(NetworkDirectives.SERVER_THREADS);
        this.clock = clock;
        this.processorSeconds = processorSeconds;
        this.closing = closing;
    }

    private static double processorSeconds() {
        ProcessFacts.CpuTime time = ProcessFacts.cpuTime();
        return time.user() + time.system();
    }

    /** Measures and disconnects; a few times a second. */
    public void sample() {
        long most = percent.value();
        long now = clock.nanos();
        if (most == 0) {
            isMeasuring = false;
            isOverloaded = false;
            return;
        }
        if (!isMeasuring) {
            isMeasuring = true;
            begin(now);
        } else if (now - sinceNanos >= PERIOD_NANOS) {
            double used = processorSeconds.getAsDouble() - sinceSeconds;
            double seconds = (double) (now - sinceNanos) / TimeUnit.SECONDS.toNanos(1);
            double load = used / seconds / threads * PERCENT;
            isOverloaded = load > most;
            if (isOverloaded) {
                LOG.warn(
                        "CPU overload detected: {} percent used, overload-protect-percent is {}",
                        Math.round(load),
                        most);
            }
            begin(now);
        }
        if (isOverloaded) {
            shed(now);
        }
    }

    private void begin(long now) {
        sinceNanos = now;
        sinceSeconds = processorSeconds.getAsDouble();
        closedUntilNanos = now;
    }

    private void shed(long now) {
        long room = (now - closedUntilNanos) / NANOS_PER_CLIENT;
        for (Client client : clients.newestFirst()) {
            if (room <= 0) {
                break;
            }
            if (mayGo(client) && closing.test(client)) {
                room--;
            }
        }
        closedUntilNanos = now - (now - closedUntilNanos) % NANOS_PER_CLIENT;
    }

    private static boolean close(Client client) {
        Connection connection = client.connection();
        if (connection == null || connection.isPaused() || connection.isClosed()) {
            return false;
        }
        connection.close();
        return true;
    }

    private static boolean mayGo(Client client) {
        return client.kind() == ClientKind.NORMAL
                && client.waiting() == null
                && !client.isMonitor()
                && !client.has(Trait.NOT_EVICTED);
    }
}
