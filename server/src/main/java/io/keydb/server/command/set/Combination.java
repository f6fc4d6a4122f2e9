package io.keydb.server.command.set;

import io.keydb.server.command.Call;
import io.keydb.server.keyspace.Draft;
import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.set.SetCursor;
import io.keydb.server.value.set.SetValue;

/**
 * Several sets of one command, of which one is to be made. What a result is kept as depends on how
 * it comes about, so members are added in the same order as by stock.
 *
 * <p>Threads: confined to the thread that runs the command, under the locks of the keys.
 */
final class Combination implements AutoCloseable {
    private final long[] records;
    private final Allocator allocator;
    private final long scratch;
    private SetCursor cursor = new SetCursor(0);

    /**
     * The sets at {@code count} arguments from {@code first} on.
     *
     * @throws io.keydb.server.command.CommandError when one of them is no set
     */
    Combination(Call call, int first, int count) {
        records = new long[count];
        for (int i = 0; i < count; i++) {
            records[i] = call.find(first + i, Record.SET);
        }
        allocator = call.database().allocator(call.key(first));
        scratch = allocator.allocate(DecimalText.LONGEST);
    }

    /** The sets at all arguments from {@code first} on. */
    static Combination of(Call call, int first) {
        return new Combination(call, first, call.count() - first);
    }

    @Override
    public void close() {
        allocator.free(scratch, DecimalText.LONGEST);
    }

    long leastSize() {
        long least = Long.MAX_VALUE;
        for (long record : records) {
            least = Math.min(least, size(record));
        }
        return least;
    }

    long sumOfSizes() {
        long sum = 0;
        for (long record : records) {
            sum += size(record);
        }
        return sum;
    }

    /** Stands before the first common member; gives what will show them. */
    Element beginIntersection() {
        sortBySize(0, 1);
        cursor = new SetCursor(records[0]);
        return cursor.element();
    }

    /** Moves to the next member that all sets have; false when there is none. */
    boolean nextCommon() {
        while (cursor.next()) {
            if (isInOthers(cursor.element())) {
                return true;
            }
        }
        return false;
    }

    /** Fills the result with what all sets have. */
    void intersect(Draft result) {
        Element member = beginIntersection();
        if (records[0] == 0) {
            return;
        }
        SetValue.begin(result, SetValue.isIntegers(records[0]));
        boolean integers = true;
        while (nextCommon()) {
            integers &=
                    member.isInteger()
                            || (integers
                                    && DecimalText.isInteger(member.address(), member.length()));
            SetValue.add(result, member, 1, scratch);
        }
        if (integers) {
            SetValue.toIntegers(result);
        }
    }

    /** Fills the result with what any set has. */
    void unite(Draft result) {
        SetValue.begin(result, true);
        for (long record : records) {
            addAll(result, record);
        }
    }

    /**
     * Fills the result with what the first set has and no other. Two ways: to look every member of
     * the first set up in the others, or to remove the members of the others from it; the one with
     * less work is taken.
     */
    void subtract(Draft result) {
        SetValue.begin(result, true);
        long first = records[0];
        if (first == 0 || isRepeated(first)) {
            return;
        }
        long lookups = 0;
        for (long record : records) {
            lookups += record == 0 ? 0 : size(first);
        }
        if (lookups / 2 <= sumOfSizes()) {
            sortBySize(1, -1);
            cursor = new SetCursor(first);
            while (cursor.next()) {
                if (isInNoOther(cursor.element())) {
                    SetValue.add(result, cursor.element(), 1, scratch);
                }
            }
        } else {
            addAll(result, first);
            for (int i = 1; i < records.length && SetValue.size(result.record()) > 0; i++) {
                cursor = new SetCursor(records[i]);
                while (cursor.next()) {
                    SetValue.remove(result, cursor.element(), scratch);
                }
            }
        }
    }

    private void addAll(Draft result, long record) {
        cursor = new SetCursor(record);
        while (cursor.next()) {
            SetValue.add(result, cursor.element(), 1, scratch);
        }
    }

    private boolean isInOthers(Element member) {
        for (int i = 1; i < records.length; i++) {
            if (records[i] != records[0] && !SetValue.contains(records[i], member, scratch)) {
                return false;
            }
        }
        return true;
    }

    private boolean isInNoOther(Element member) {
        for (int i = 1; i < records.length; i++) {
            if (records[i] != 0 && SetValue.contains(records[i], member, scratch)) {
                return false;
            }
        }
        return true;
    }

    private boolean isRepeated(long first) {
        for (int i = 1; i < records.length; i++) {
            if (records[i] == first) {
                return true;
            }
        }
        return false;
    }

    /** Sorts the sets from {@code from} on by size: ascending with 1, descending with -1. */
    private void sortBySize(int from, int direction) {
        for (int i = from + 1; i < records.length; i++) {
            long record = records[i];
            int j = i;
            while (j > from && Long.compare(size(records[j - 1]), size(record)) * direction > 0) {
                records[j] = records[j - 1];
                j--;
            }
            records[j] = record;
        }
    }

    private static long size(long record) {
        return record == 0 ? 0 : SetValue.size(record);
    }
}
