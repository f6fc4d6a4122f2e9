package io.keydb.server.structure;

import org.jspecify.annotations.Nullable;

/**
 * A place in a {@link CountedTree}: a leaf and the inner nodes above it, or no leaf. To be used
 * again and again.
 *
 * <p>A path is valid until its tree is changed by anything but an operation on this very path.
 *
 * <p>Threads: confined to one thread, and what it points to to the partition lock.
 */
public final class TreePath {

    /** A level more takes fifteen times the insertions, so this is never reached. */
    static final int MOST_LEVELS = 16;

    long root;

    /** By level: 0 is the lowest, whose children are leaves. */
    final long[] nodes = new long[MOST_LEVELS];

    /** By level: which entry of the node the path goes through. */
    final int[] indexes = new int[MOST_LEVELS];

    long leaf;
    long offset;
    private @Nullable UnsignedPair pair;

    /** The leaf; 0 when there is none. */
    public long leaf() {
        return leaf;
    }

    /** Which element of the leaf was sought, after {@link CountedTree#at}; 0 otherwise. */
    public long offset() {
        return offset;
    }

    UnsignedPair sought(long high, long low) {
        UnsignedPair sought = pair;
        if (sought == null) {
            sought = new UnsignedPair();
            pair = sought;
        }
        sought.high = high;
        sought.low = low;
        return sought;
    }

    /** Two longs without sign, the first more significant, in their order. */
    static final class UnsignedPair implements SeparatorOrder {
        private long high;
        private long low;

        @Override
        public int compareTo(long otherHigh, long otherLow) {
            int order = Long.compareUnsigned(high, otherHigh);
            return order != 0 ? order : Long.compareUnsigned(low, otherLow);
        }
    }
}
