package io.keydb.e2e.benchmark;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws keys as users of a cache ask for them: few often, most seldom. The key of rank {@code r} is
 * drawn with a probability in proportion to {@code 1 / r^exponent}; which key has which rank is
 * scattered.
 *
 * <p>Threads: confined to one thread.
 */
final class ZipfKeys {
    private static final long SCATTER = 2_654_435_761L;

    private final double[] upTo;
    private final SplittableRandom random;

    ZipfKeys(int keys, double exponent, long seed) {
        upTo = new double[keys];
        double sum = 0;
        for (int i = 0; i < keys; i++) {
            sum += 1 / Math.pow(i + 1, exponent);
            upTo[i] = sum;
        }
        random = new SplittableRandom(seed);
    }

    /** The next key. */
    String next() {
        double drawn = random.nextDouble() * upTo[upTo.length - 1];
        int found = Arrays.binarySearch(upTo, drawn);
        long rank = found < 0 ? -found - 1 : found;
        return "key:%09d".formatted(rank * SCATTER % upTo.length);
    }
}
