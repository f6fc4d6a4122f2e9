package io.keydb.server.support;

import java.util.EnumMap;
import java.util.Map;
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
    private final Map<E, LongAdder> cells;

    public Counters(Class<E> declarations) {
        cells = new EnumMap<>(declarations);
        for (E statistic : declarations.getEnumConstants()) {
            cells.put(statistic, new LongAdder());
        }
    }

    public void increment(E statistic) {
        cell(statistic).increment();
    }

    public void add(E statistic, long amount) {
        cell(statistic).add(amount);
    }

    public long value(E statistic) {
        return cell(statistic).sum();
    }

    /** Sets all counts to 0, as CONFIG RESETSTAT does. */
    public void reset() {
        cells.values().forEach(LongAdder::reset);
    }

    private LongAdder cell(E statistic) {
        LongAdder cell = cells.get(statistic);
        if (cell == null) {
            throw new AssertionError("every constant has a cell");
        }
        return cell;
    }
}
