package io.keydb.server.value.set;

import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordConsumer;
import io.keydb.server.value.Element;
import java.util.Arrays;

/**
 * Some members of a set from a scan cursor on, and the cursor to go on with: about as many as asked
 * for of a table, all of a small form. The set must not change meanwhile.
 *
 * <p>Threads: confined to its owner, and to the partition lock of the set's key.
 */
public final class SetScan implements RecordConsumer {
    private final Element element;
    private final SetCursor all;
    private final boolean table;
    private final long cursor;
    private long[] members = new long[16];
    private int count;
    private int index;

    /** Looks from {@code from} on, which is 0 at first, for about {@code wanted} members. */
    public SetScan(long record, long from, int wanted) {
        table = SetValue.isTable(record);
        all = new SetCursor(table ? 0 : record);
        element = table ? new Element() : all.element();
        cursor = table ? MemberTable.scan(Record.number(record), from, wanted, this) : 0;
    }

    /** Where to go on; 0 at the end. */
    public long cursor() {
        return cursor;
    }

    /** What shows the members: always the same object. */
    public Element element() {
        return element;
    }

    /** Moves to the next member; false when there is none. */
    public boolean next() {
        if (!table) {
            return all.next();
        }
        if (index == count) {
            return false;
        }
        long member = members[index++];
        element.set(Record.keyAddress(member), Record.keyLength(member));
        return true;
    }

    /** Takes a record the scan has met. */
    @Override
    public void accept(long member) {
        if (count == members.length) {
            members = Arrays.copyOf(members, count * 2);
        }
        members[count++] = member;
    }
}
