package io.keydb.server.boot;

import io.keydb.server.shutdown.Shutdown;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands SIGTERM and SIGINT to {@link Shutdown}. While the server still starts there is nothing to
 * keep: then they end the process at once with code 0. A shutdown hook of the JVM could not do
 * this: its exit code is that of the signal, and it never hears of a second one.
 *
 * <p>Threads: safe; each signal comes on a thread of its own.
 */
final class StopSignals {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

    private volatile @Nullable Shutdown shutdown;

    private StopSignals() {}

    /** From now on signals come here. */
    static StopSignals handle() {
        StopSignals signals = new StopSignals();
        for (Shutdown.Signal signal : Shutdown.Signal.values()) {
            if (!Signals.handle(signal.name(), () -> signals.received(signal))) {
                LOG.warn("Signals cannot be handled on this Java: they end the process at once");
            }
        }
        return signals;
    }

    /** The server has started: signals end it in order. */
    void goTo(Shutdown target) {
        shutdown = target;
    }

    private void received(Shutdown.Signal signal) {
        Shutdown target = shutdown;
        if (target == null) {
            LOG.warn("Received SIG{} during the start, exiting now.", signal);
            System.exit(0);
        } else {
            target.signal(signal);
        }
    }
}
