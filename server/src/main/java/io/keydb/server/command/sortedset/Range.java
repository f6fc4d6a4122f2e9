package io.keydb.server.command.sortedset;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.memory.FloatText;
import io.keydb.server.memory.Memory;
import io.keydb.server.value.sortedset.Bound;
import io.keydb.server.value.sortedset.SortedSet;

/**
 * A range as arguments name it: of ranks, of scores ({@code (5}, {@code -inf}) or of text ({@code
 * [a}, {@code (b}, {@code +}).
 *
 * <p>Threads: confined to the thread that runs the command.
 */
final class Range {
    /** What a range is made of. */
    enum Kind {
        RANK,
        SCORE,
        TEXT
    }

    private static final CommandError NO_FLOAT = new CommandError("ERR min or max is not a float");
    private static final CommandError NO_TEXT =
            new CommandError("ERR min or max not valid string range item");

    private final Kind kind;
    private final boolean reverse;
    private final long first;
    private final long last;
    private final Bound start = new Bound();
    private final Bound end = new Bound();

    private Range(Call call, Kind kind, int min, int max, boolean reverse) {
        this.kind = kind;
        this.reverse = reverse;
        this.first = kind == Kind.RANK ? call.integer(min) : 0;
        this.last = kind == Kind.RANK ? call.integer(max) : 0;
        if (kind == Kind.SCORE) {
            setScore(call, min, start, false);
            setScore(call, max, end, true);
        } else if (kind == Kind.TEXT) {
            setText(call, min, start, false);
            setText(call, max, end, true);
        }
    }

    /**
     * The range whose ends are these arguments. For ranks {@code reverse} says that they count from
     * the greatest.
     *
     * @throws CommandError when one of them cannot be read
     */
    static Range of(Call call, Kind kind, int min, int max, boolean reverse) {
        return new Range(call, kind, min, max, reverse);
    }

    private static void setScore(Call call, int argument, Bound bound, boolean isMax) {
        long address = call.request().address(argument);
        int length = call.request().length(argument);
        boolean exclusive = length > 0 && Memory.getByte(address) == '(';
        int skipped = exclusive ? 1 : 0;
        double score = FloatText.parseLeniently(address + skipped, length - skipped);
        if (Double.isNaN(score)) {
            throw NO_FLOAT;
        }
        bound.setScore(score, exclusive != isMax);
    }

    private static void setText(Call call, int argument, Bound bound, boolean isMax) {
        long address = call.request().address(argument);
        int length = call.request().length(argument);
        byte mark = length == 0 ? 0 : Memory.getByte(address);
        if (mark == '(' || mark == '[') {
            bound.setText(address + 1, length - 1, (mark == '(') != isMax);
        } else if (mark == '-' && length == 1) {
            bound.setStart();
        } else if (mark == '+' && length == 1) {
            bound.setEnd();
        } else {
            throw NO_TEXT;
        }
    }

    /** The positions of the members within the range, in the set of this record. */
    Span span(long record) {
        if (kind == Kind.RANK) {
            return Span.ofRanks(first, last, SortedSet.size(record), reverse);
        }
        long from = SortedSet.countBefore(record, start);
        return new Span(from, Math.max(from, SortedSet.countBefore(record, end)));
    }
}
