package io.keydb.server.net;

import io.keydb.server.support.Clock;
import java.util.concurrent.TimeUnit;

/**
 * Watches how much of one connection's output waits to be sent, and says when it is too much, or
 * too much for too long.
 *
 * <p>Threads: confined to the connection's event loop, except for the class, which others may set.
 */
final class OutputGuard {
    private final Clock clock = Clock.system();
    private final NetworkSettings settings;
    private volatile OutputClass outputClass = OutputClass.NORMAL;
    private long softSinceNanos;
    private boolean isBeyondSoft;

    OutputGuard(NetworkSettings settings) {
        this.settings = settings;
    }

    void outputClass(OutputClass which) {
        outputClass = which;
    }

    OutputClass outputClass() {
        return outputClass;
    }

    /** Whether so much must not even be offered to the socket. */
    boolean isBeyondHardLimit(long bytes) {
        long most = settings.outputLimits().of(outputClass).hardBytes();
        return most != 0 && bytes >= most;
    }

    /** Whether a connection with so many unsent bytes has to end. */
    boolean isTooMuch(long bytes) {
        OutputLimits.Limit limit = settings.outputLimits().of(outputClass);
        if (limit.hardBytes() != 0 && bytes >= limit.hardBytes()) {
            return true;
        }
        if (limit.softBytes() == 0 || bytes < limit.softBytes()) {
            isBeyondSoft = false;
            return false;
        }
        long now = clock.nanos();
        if (!isBeyondSoft) {
            isBeyondSoft = true;
            softSinceNanos = now;
            return false;
        }
        return now - softSinceNanos > TimeUnit.SECONDS.toNanos(limit.softSeconds());
    }
}
