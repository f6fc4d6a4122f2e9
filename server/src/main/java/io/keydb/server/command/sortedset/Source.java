package io.keydb.server.command.sortedset;

import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.set.SetCursor;
import io.keydb.server.value.set.SetValue;
import io.keydb.server.value.sortedset.SortedSet;
import io.keydb.server.value.sortedset.SortedSetCursor;
import org.jspecify.annotations.Nullable;

/**
 * One input of a union, intersection or difference: a sorted set, a set, whose members all have the
 * score 1, or nothing.
 *
 * <p>Threads: confined to the thread that runs the command.
 */
final class Source {
    private final long record;
    private final boolean isSorted;
    private final long size;
    private double weight = 1;
    private @Nullable SortedSetCursor sorted;
    private @Nullable SetCursor unsorted;
    private boolean begun;

    /** The set of a record, which is 0 when there is none. */
    Source(long record) {
        this.record = record;
        isSorted = record != 0 && Record.type(record) == Record.SORTED_SET;
        size = record == 0 ? 0 : isSorted ? SortedSet.size(record) : SetValue.size(record);
    }

    long size() {
        return size;
    }

    boolean isSame(Source other) {
        return record == other.record;
    }

    void weight(double newWeight) {
        weight = newWeight;
    }

    double weight() {
        return weight;
    }

    /** Goes to the next member, at first to the first; false at the end. */
    boolean next() {
        if (size == 0) {
            return false;
        }
        if (isSorted) {
            SortedSetCursor cursor = sorted();
            boolean is = begun ? cursor.next() : cursor.at(record, 0);
            begun = true;
            return is;
        }
        return unsorted().next();
    }

    /** The member; the same object each time. */
    Element member() {
        return isSorted ? sorted().member() : unsorted().element();
    }

    /** The score of the member. */
    double score() {
        return isSorted ? sorted().score() : 1;
    }

    /** The score of any member; not-a-number when it is not there. */
    double scoreOf(Element member, long scratch) {
        if (size == 0) {
            return Double.NaN;
        }
        if (!isSorted) {
            return SetValue.contains(record, member, scratch) ? 1 : Double.NaN;
        }
        long place = SortedSet.find(record, member, scratch);
        return place == 0 ? Double.NaN : SortedSet.score(record, place);
    }

    private SortedSetCursor sorted() {
        SortedSetCursor cursor = sorted;
        if (cursor == null) {
            cursor = new SortedSetCursor();
            sorted = cursor;
        }
        return cursor;
    }

    private SetCursor unsorted() {
        SetCursor cursor = unsorted;
        if (cursor == null) {
            cursor = new SetCursor(record);
            unsorted = cursor;
        }
        return cursor;
    }
}
