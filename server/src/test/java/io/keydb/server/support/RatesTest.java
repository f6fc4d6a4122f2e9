package io.keydb.server.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rates are the growth of a count over the last samples. */
class RatesTest {
    private final TestClock clock = new TestClock(0);
    private long count;
    private final Rates rates = new Rates(clock, List.of(() -> count));

    @Test
    void thereIsNoRateBeforeTwoSamples() {
        assertThat(rates.perSecond(0)).isZero();
        rates.sample();
        assertThat(rates.perSecond(0)).isZero();
    }

    @Test
    void aSteadyCountHasASteadyRate() {
        for (int i = 0; i < 40; i++) {
            grow(5);
            assertThat(rates.perSecond(0)).isEqualTo(i == 0 ? 0 : 50);
        }
    }

    @Test
    void whatIsLongAgoDoesNotCount() {
        grow(1_000_000);
        for (int i = 0; i < 16; i++) {
            grow(0);
        }
        assertThat(rates.perSecond(0)).isZero();
    }

    @Test
    void aCountThatWasResetHasNoNegativeRate() {
        grow(100);
        count = 0;
        grow(1);
        assertThat(rates.perSecond(0)).isZero();
    }

    private void grow(long by) {
        clock.advanceMillis(100);
        count += by;
        rates.sample();
    }
}
