package io.keydb.server.support;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Numbered counts for the hot path. Every thread that counts opens a {@link Tally} of its own,
 * whose cells only it writes, so counting is a plain addition; who wants to know adds all tallies
 * up.
 *
 * <p>Threads: safe. A {@link Tally} is written by one thread at a time.
 */
public final class Tallies {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final int size;
    private final List<Tally> open = new CopyOnWriteArrayList<>();
    private final long[] atReset;

    public Tallies(int size) {
        this.size = size;
        this.atReset = new long[size];
    }

    /** New cells for one thread. They count for as long as this object lives. */
    public Tally open() {
        Tally tally = new Tally(size);
        open.add(tally);
        return tally;
    }

    /** The sum of a cell since the last reset. */
    public synchronized long sum(int cell) {
        return total(cell) - atReset[cell];
    }

    /** Lets all sums start at 0 again. */
    public synchronized void reset() {
        for (int i = 0; i < size; i++) {
            atReset[i] = total(i);
        }
    }

    private long total(int cell) {
        long sum = 0;
        for (Tally tally : open) {
            sum += tally.read(cell);
        }
        return sum;
    }

    /**
     * The counts of one thread.
     *
     * <p>Threads: written by one thread at a time, read by any.
     */
    public static final class Tally {
        private final long[] cells;

        private Tally(int size) {
            cells = new long[size];
        }

        public void increment(int cell) {
            add(cell, 1);
        }

        public void add(int cell, long amount) {
            CELL.setOpaque(cells, cell, cells[cell] + amount);
        }

        private long read(int cell) {
            return (long) CELL.getOpaque(cells, cell);
        }
    }
}
