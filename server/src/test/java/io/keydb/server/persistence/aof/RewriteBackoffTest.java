package io.keydb.server.persistence.aof;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.support.TestClock;
import org.junit.jupiter.api.Test;

final class RewriteBackoffTest {
    private static final long MINUTE = 60_000;

    private final TestClock clock = new TestClock(0);
    private final RewriteBackoff backoff = new RewriteBackoff(clock);

    @Test
    void theThirdFailureInARowMakesTheNextOneWait() {
        backoff.failed();
        backoff.failed();
        assertThat(backoff.hasToWait()).isFalse();
        backoff.failed();
        assertThat(backoff.hasToWait()).isTrue();
        clock.advanceMillis(MINUTE);
        assertThat(backoff.hasToWait()).isFalse();
        backoff.failed();
        clock.advanceMillis(MINUTE);
        assertThat(backoff.hasToWait()).isTrue();
        backoff.succeeded();
        assertThat(backoff.hasToWait()).isFalse();
    }

    @Test
    void nobodyWaitsForMoreThanAnHour() {
        for (int i = 0; i < 100; i++) {
            backoff.failed();
        }
        clock.advanceMillis(60 * MINUTE);
        assertThat(backoff.hasToWait()).isFalse();
    }
}
