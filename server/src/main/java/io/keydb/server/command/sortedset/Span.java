package io.keydb.server.command.sortedset;

/**
 * Positions in a sorted set, from one up to another, exclusive.
 *
 * <p>Threads: immutable.
 */
record Span(long from, long to) {
    static final Span EMPTY = new Span(0, 0);

    /**
     * From the first rank to the last, inclusive, of so many members; negative ones from the end.
     */
    static Span ofRanks(long first, long last, long size, boolean reverse) {
        long start = Math.max(0, first < 0 ? size + first : first);
        long end = Math.min(size - 1, last < 0 ? size + last : last);
        if (start > end || start >= size) {
            return EMPTY;
        }
        return reverse ? new Span(size - 1 - end, size - start) : new Span(start, end + 1);
    }

    long count() {
        return Math.max(0, to - from);
    }

    /** Where to begin when going up or down. */
    long first(boolean reverse) {
        return reverse ? to - 1 : from;
    }

    /** What LIMIT leaves of it: a negative offset nothing, a negative count everything. */
    Span limited(long offset, long count, boolean reverse) {
        if (offset < 0 || offset >= count()) {
            return EMPTY;
        }
        long left = count() - offset;
        long taken = count < 0 ? left : Math.min(count, left);
        return reverse
                ? new Span(to - offset - taken, to - offset)
                : new Span(from + offset, from + offset + taken);
    }
}
