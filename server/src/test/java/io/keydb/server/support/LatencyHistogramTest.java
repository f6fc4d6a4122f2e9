package io.keydb.server.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    @Test
    void valuesAreToldAsTheGreatestOfTheirBucket() {
        assertThat(only(1)).isEqualTo(1);
        assertThat(only(255)).isEqualTo(255);
        assertThat(only(256)).isEqualTo(257);
        assertThat(only(1000)).isEqualTo(1003);
        assertThat(only(4000)).isEqualTo(4015);
        assertThat(only(9000)).isEqualTo(9023);
        assertThat(only(19_000)).isEqualTo(19_071);
        assertThat(only(20_000)).isEqualTo(20_095);
        assertThat(only(1_000_000_000)).isEqualTo(1_002_438_655);
    }

    @Test
    void whatIsOutsideCountsAsTheNearestInside() {
        assertThat(only(0)).isEqualTo(1);
        assertThat(only(-5)).isEqualTo(1);
        assertThat(only(Long.MAX_VALUE)).isEqualTo(only(1_000_000_000));
    }

    @Test
    void percentilesAreThoseOfSortedValuesToTwoDigits() {
        long seed = 20261130;
        Random random = new Random(seed);
        LatencyHistogram histogram = new LatencyHistogram();
        long[] values = new long[5000];
        for (int i = 0; i < values.length; i++) {
            values[i] = 1 + (long) (Math.exp(random.nextDouble() * 20));
            histogram.record(values[i]);
        }
        Arrays.sort(values);
        for (double percent : new double[] {0.1, 1, 10, 50, 90, 99, 99.9, 100}) {
            int rank = Math.max(1, (int) (percent / 100 * values.length + 0.5));
            long exact = values[rank - 1];
            assertThat(histogram.nanosAt(percent))
                    .as("percentile %s, seed %d", percent, seed)
                    .isBetween(exact, exact + exact / 128 + 1);
        }
        assertThat(histogram.nanosAt(0)).isLessThanOrEqualTo(values[0]);
        assertThat(histogram.count()).isEqualTo(values.length);
    }

    @Test
    void stepsArePowersOfTwoThatHaveMoreThanTheOneBefore() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(1);
        histogram.record(1024);
        histogram.record(1032);
        histogram.record(60_000);
        histogram.record(999_999_999);
        assertThat(steps(histogram)).containsExactly("1: 2", "2: 3", "66: 4", "1073741: 5");
    }

    @Test
    void anEmptyOneHasNoSteps() {
        assertThat(steps(new LatencyHistogram())).isEmpty();
    }

    @Test
    void sumsHaveAllValues() {
        LatencyHistogram first = new LatencyHistogram();
        LatencyHistogram second = new LatencyHistogram();
        first.record(5);
        second.record(5);
        second.record(70_000);
        first.add(second);
        assertThat(first.count()).isEqualTo(3);
        assertThat(steps(first)).containsExactly("1: 2", "132: 3");
        assertThat(second.count()).isEqualTo(2);
    }

    private static long only(long nanos) {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(nanos);
        return histogram.nanosAt(50);
    }

    private static List<String> steps(LatencyHistogram histogram) {
        List<String> steps = new ArrayList<>();
        histogram.steps((micros, count) -> steps.add(micros + ": " + count));
        return steps;
    }
}
