package io.keydb.server.value.sortedset;

import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordConsumer;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.value.Element;
import java.util.Arrays;

/**
 * Part of the members of a sorted set, from a cursor on: of a large one about as many as asked for,
 * in no order, of a small one all. Whoever is a member from the first call to the last is shown.
 *
 * <p>Threads: confined to its owner, and to the partition lock of the record's key.
 */
public final class SortedSetScan implements RecordConsumer {
    private final Element member = new Element();
    private final SortedSetCursor all = new SortedSetCursor();
    private final boolean isListpack;
    private final long record;
    private final long cursor;
    private boolean begun;
    private long[] found = new long[16];
    private int foundCount;
    private int index;

    /** Finds the members; {@link #next} goes to each. */
    public SortedSetScan(long record, long cursor, int count) {
        this.record = record;
        isListpack = SortedSet.isListpack(record);
        this.cursor = isListpack ? 0 : RecordTable.scan(Record.number(record), cursor, count, this);
    }

    /** Where to go on; 0 at the end. */
    public long cursor() {
        return cursor;
    }

    @Override
    public void accept(long memberRecord) {
        if (foundCount == found.length) {
            found = Arrays.copyOf(found, foundCount * 2);
        }
        found[foundCount++] = memberRecord;
    }

    /** Goes to the next member; false when there is none. */
    public boolean next() {
        if (isListpack) {
            boolean is = begun ? all.next() : all.at(record, 0);
            begun = true;
            return is;
        }
        return index++ < foundCount;
    }

    /** The member; the same object each time. */
    public Element member() {
        if (isListpack) {
            return all.member();
        }
        long at = found[index - 1];
        return member.set(Record.keyAddress(at), Record.keyLength(at));
    }

    /** The score of the member. */
    public double score() {
        return isListpack ? all.score() : ScoreTree.score(found[index - 1]);
    }

    /** Whether the score is kept as an integer. */
    public boolean isWhole() {
        return isListpack && ScoreListpack.isWhole(score());
    }
}
