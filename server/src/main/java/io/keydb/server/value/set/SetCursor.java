package io.keydb.server.value.set;

import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordConsumer;
import io.keydb.server.value.Blob;
import io.keydb.server.value.Element;
import java.util.Arrays;

/**
 * Shows the members of a set one after the other: integers ascending, a listpack in the order in
 * which members came, a table in the order of the hashes. The set must not change meanwhile.
 *
 * <p>Threads: confined to its owner, and to the partition lock of the set's key.
 */
public final class SetCursor implements RecordConsumer {
    private static final long[] NONE = {};

    private final Element element = new Element();
    private final long record;
    private final boolean table;
    private final boolean integers;

    /** The root of the table, or the address of the blob. */
    private final long content;

    /** The next position among integers, or in {@link #members}. */
    private int index;

    /** The entry shown last, or where to walk on in the table. */
    private long place;

    private boolean walked;
    private long[] members = NONE;
    private int memberCount;

    /** Stands before the first member of a set; a record of 0 is an empty one. */
    public SetCursor(long record) {
        this.record = record;
        this.table = record != 0 && SetValue.isTable(record);
        this.integers = record != 0 && !table && Blob.isIntegers(record);
        this.content = record == 0 ? 0 : table ? Record.number(record) : Blob.address(record);
    }

    /** What shows the members: always the same object. */
    public Element element() {
        return element;
    }

    /** The record of the member shown last; only of a table. */
    public long memberRecord() {
        return members[index - 1];
    }

    /** Moves to the next member; false when there is none. */
    public boolean next() {
        if (record == 0) {
            return false;
        }
        if (table) {
            return nextOfTable();
        }
        if (integers) {
            if (index >= IntSet.count(content)) {
                return false;
            }
            element.set(IntSet.at(content, index++));
            return true;
        }
        place = place == 0 ? Listpack.first(content) : Listpack.next(content, place);
        if (place == 0) {
            return false;
        }
        SetValue.point(place, element);
        return true;
    }

    /** Stands before the first member again. */
    public void restart() {
        index = 0;
        place = 0;
        walked = false;
        memberCount = 0;
    }

    private boolean nextOfTable() {
        while (index == memberCount) {
            if (walked) {
                return false;
            }
            memberCount = 0;
            index = 0;
            place = MemberTable.walk(content, place, this);
            walked = place == 0;
        }
        long member = members[index++];
        element.set(Record.keyAddress(member), Record.keyLength(member));
        return true;
    }

    /** Takes the records of one step of the walk. */
    @Override
    public void accept(long member) {
        if (memberCount == members.length) {
            members = Arrays.copyOf(members, Math.max(64, memberCount * 2));
        }
        members[memberCount++] = member;
    }
}
