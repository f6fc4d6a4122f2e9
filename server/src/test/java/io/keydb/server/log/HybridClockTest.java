package io.keydb.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.support.TestClock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Stamps never repeat, never go back, and follow whatever was seen. */
class HybridClockTest {
    private final TestClock wall = new TestClock(1_000);
    private final HybridClock clock = new HybridClock(wall);

    @Test
    void stampsCarryTheMillisecondsOfTheClock() {
        assertThat(HybridClock.millis(clock.next())).isEqualTo(1_000);
        wall.setMillis(2_000);
        assertThat(clock.next()).isEqualTo(2_000L << 20);
    }

    @Test
    void stampsRiseWhileTheClockStandsStillOrGoesBack() {
        long first = clock.next();
        long second = clock.next();
        wall.setMillis(10);
        long third = clock.next();
        assertThat(second).isEqualTo(first + 1);
        assertThat(third).isEqualTo(second + 1);
    }

    @Test
    void stampsAreLaterThanWhatWasObserved() {
        clock.observe(5_000L << 20 | 7);
        assertThat(clock.next()).isEqualTo(5_000L << 20 | 8);
        clock.observe(3);
        assertThat(clock.next()).isEqualTo(5_000L << 20 | 9);
    }

    @Test
    void aFullCounterCarriesIntoTheMilliseconds() {
        clock.observe(1_000L << 20 | 0xfffff);
        assertThat(clock.next()).isEqualTo(1_001L << 20);
    }

    @Test
    void driftIsMeasuredAndTheAbsurdIsTold() {
        assertThat(clock.driftMillis(61_000L << 20)).isEqualTo(60_000);
        assertThat(clock.isAbsurd(61_000L << 20)).isFalse();
        assertThat(clock.isAbsurd((1_001 + HybridClock.MOST_DRIFT_MILLIS) << 20)).isTrue();
        assertThat(clock.isAbsurd(-1)).isTrue();
    }

    @Test
    void noStampIsGivenTwiceToManyThreads() throws InterruptedException {
        Set<Long> stamps = ConcurrentHashMap.newKeySet();
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] =
                    new Thread(
                            () -> {
                                for (int n = 0; n < 10_000; n++) {
                                    stamps.add(clock.next());
                                }
                            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(stamps).hasSize(40_000);
    }
}
