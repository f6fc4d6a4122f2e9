package io.keydb.server.support;

import java.time.Instant;

/**
 * The time. Everything that depends on it gets a clock by constructor, so that tests can move it.
 *
 * <p>Threads: safe, implementations can be read from any thread.
 */
public interface Clock {

    /** Wall-clock time, milliseconds since 1970. */
    long millis();

    /** Wall-clock time, microseconds since 1970. */
    default long micros() {
        return millis() * 1000;
    }

    /** Monotonic time for measuring durations; the origin means nothing. */
    long nanos();

    /** The machine's clock. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }

    /** The machine's clock. */
    enum SystemClock implements Clock {
        INSTANCE;

        @Override
        public long millis() {
            return System.currentTimeMillis();
        }

        @Override
        public long micros() {
            Instant now = Instant.now();
            return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }
    }
}
