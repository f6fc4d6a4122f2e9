package io.keydb.server.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No count is lost, whoever counts. */
class TalliesTest {
    private enum Fruit implements Statistic {
        APPLES,
        PEARS;

        @Override
        public Kind kind() {
            return Kind.COUNTER;
        }

        @Override
        public String field() {
            return name();
        }

        @Override
        public String metric() {
            return "";
        }

        @Override
        public String sentence() {
            return "Fruit.";
        }
    }

    @Test
    void sumsAreTakenOverAllThreads() throws InterruptedException {
        Tallies tallies = new Tallies(2);
        Counters<Fruit> counters = new Counters<>(Fruit.class);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        Tallies.Tally tally = tallies.open();
                                        for (int n = 0; n < 10_000; n++) {
                                            tally.increment(1);
                                            counters.add(Fruit.PEARS, 2);
                                        }
                                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(tallies.sum(0)).isZero();
        assertThat(tallies.sum(1)).isEqualTo(40_000);
        assertThat(counters.value(Fruit.APPLES)).isZero();
        assertThat(counters.value(Fruit.PEARS)).isEqualTo(80_000);
    }

    @Test
    void afterAResetSumsStartAtZero() {
        Tallies tallies = new Tallies(1);
        Tallies.Tally tally = tallies.open();
        tally.add(0, 5);
        tallies.reset();
        assertThat(tallies.sum(0)).isZero();
        tally.add(0, 3);
        assertThat(tallies.sum(0)).isEqualTo(3);
    }
}
