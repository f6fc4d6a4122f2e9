package io.keydb.server.migration;

import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections to servers that keys went to, kept for a while: who moves many keys does so with one
 * request after the other. One connection is kept for each host and port as they were written, 64
 * in all, until it has not been used for ten seconds. Who takes one has it alone.
 *
 * <p>Threads: safe.
 */
final class Targets implements ReportSection, AutoCloseable {
    static final Statistic KEPT =
            gauge(
                    "migrate_cached_sockets",
                    "redis_migrate_cached_sockets_total",
                    "Connections kept open for MIGRATE.");

    private static final int MOST = 64;
    private static final long LONGEST_IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final ConnectionTerms terms;
    private final Map<String, Target> kept = new LinkedHashMap<>();
    private boolean isClosed;

    Targets(ConnectionTerms terms) {
        this.terms = terms;
    }

    /** Takes the connection kept for this server, or null. */
    @Nullable Target take(String host, String port) {
        synchronized (kept) {
            return kept.remove(name(host, port));
        }
    }

    /** Makes a new connection. */
    Target connect(String host, String port, int timeoutMillis) throws IOException {
        return Target.connect(host, port, timeoutMillis, terms);
    }

    /** Keeps a connection for the next one who goes there. */
    void keep(String host, String port, Target target) {
        target.used();
        synchronized (kept) {
            if (isClosed) {
                target.close();
                return;
            }
            Target other = kept.put(name(host, port), target);
            if (other != null) {
                other.close();
            } else if (kept.size() > MOST) {
                removeOldest();
            }
        }
    }

    private void removeOldest() {
        Iterator<Target> oldest = kept.values().iterator();
        oldest.next().close();
        oldest.remove();
    }

    /** Closes those that were not used for long. */
    void tick() {
        synchronized (kept) {
            kept.values()
                    .removeIf(
                            target -> {
                                boolean isOld = target.idleNanos() > LONGEST_IDLE_NANOS;
                                if (isOld) {
                                    target.close();
                                }
                                return isOld;
                            });
        }
    }

    private static String name(String host, String port) {
        return host + ':' + port;
    }

    @Override
    public String name() {
        return "stats";
    }

    @Override
    public void report(Report report) {
        synchronized (kept) {
            report.number(KEPT, kept.size());
        }
    }

    /** Closes all; what is given back from now on is closed at once. */
    @Override
    public void close() {
        synchronized (kept) {
            isClosed = true;
            kept.values().forEach(Target::close);
            kept.clear();
        }
    }
}
