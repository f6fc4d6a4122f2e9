package io.keydb.server.value.list;

import io.keydb.server.value.EncodingLimits;

/**
 * How much goes into one listpack, as {@code list-max-listpack-size} says: a number of elements, or
 * with -1 to -5 one of five sizes.
 *
 * <p>Threads: stateless.
 */
final class LeafLimit {
    /** What a listpack may have in bytes when the limit is a number of elements. */
    private static final long SAFE_BYTES = 8 << 10;

    private static final long LEAST_BYTES = 4 << 10;
    private static final long SIZES = 5;

    private LeafLimit() {}

    /** The most bytes of a listpack of several elements. */
    static long bytes(EncodingLimits limits) {
        long setting = limits.listMaxListpackSize();
        return setting >= 0 ? SAFE_BYTES : LEAST_BYTES << (Math.min(-setting, SIZES) - 1);
    }

    /** The most elements of a listpack. */
    static long elements(EncodingLimits limits) {
        long setting = limits.listMaxListpackSize();
        return setting >= 0 ? Math.max(setting, 1) : Long.MAX_VALUE;
    }

    /** Whether a list so small, after it has shrunk, goes back into one listpack. */
    static boolean allowsReturn(EncodingLimits limits, long bytes, long elements) {
        long setting = limits.listMaxListpackSize();
        return setting >= 0 ? elements <= Math.max(setting, 1) / 2 : bytes <= bytes(limits) / 2;
    }
}
