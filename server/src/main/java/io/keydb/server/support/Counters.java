package io.keydb.server.support;

import java.util.concurrent.atomic.LongAdder;

/**
 * The counts of one subsystem: one per constant of its {@link Statistic} enum. For what happens
 * once per command or more often, {@link Tallies} are cheaper.
 *
 * <p>Threads: safe; threads that count at the same time do not wait for each other.
 *
 * @param <E> the enum that declares them
 */
public final class Counters<E extends Enum<E> & Statistic> {
    private final LongAdder[] cells;

    public Counters(Class<E> declarations) {
        cells = new LongAdder[declarations.getEnumConstants().length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = new LongAdder();
        }
    }

    public void increment(E statistic) {
        cells[statistic.ordinal()].increment();
    }

    public void add(E statistic, long amount) {
        cells[statistic.ordinal()].add(amount);
    }

    public long value(E statistic) {
        return cells[statistic.ordinal()].sum();
    }

    /** Sets all counts to 0, as CONFIG RESETSTAT does. */
    public void reset() {
        for (LongAdder cell : cells) {
            cell.reset();
        }
    }
}
