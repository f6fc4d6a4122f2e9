package io.keydb.server.value.hyperloglog;

/**
 * The estimate of how many elements gave rise to registers, from how many registers have each
 * value: Otmar Ertl, New cardinality estimation algorithms for HyperLogLog sketches (2017).
 *
 * <p>Threads: stateless.
 */
final class Cardinality {
    /** Values that registers may have. */
    static final int VALUES = 64;

    /** One half of 1 / ln 2. */
    private static final double ALPHA = 0.721347520444481703680;

    private static final int HASH_BITS = 50;

    private Cardinality() {}

    static long of(int[] histogram) {
        double registers = DenseRegisters.COUNT;
        double sum = registers * tau((registers - histogram[HASH_BITS + 1]) / registers);
        for (int i = HASH_BITS; i >= 1; i--) {
            sum = (sum + histogram[i]) * 0.5;
        }
        sum += registers * sigma(histogram[0] / registers);
        return Math.round(ALPHA * registers * registers / sum);
    }

    private static double sigma(double part) {
        if (part == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double x = part;
        double y = 1;
        double sum = x;
        double before;
        do {
            x *= x;
            before = sum;
            sum += x * y;
            y += y;
        } while (before != sum);
        return sum;
    }

    private static double tau(double part) {
        if (part == 0 || part == 1) {
            return 0;
        }
        double x = part;
        double y = 1;
        double sum = 1 - x;
        double before;
        do {
            x = Math.sqrt(x);
            before = sum;
            y *= 0.5;
            sum -= (1 - x) * (1 - x) * y;
        } while (before != sum);
        return sum / 3;
    }
}
