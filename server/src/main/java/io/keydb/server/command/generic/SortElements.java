package io.keydb.server.command.generic;

import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.Values;
import io.keydb.server.value.list.ListCursor;
import io.keydb.server.value.set.SetCursor;
import io.keydb.server.value.sortedset.SortedSetCursor;

/**
 * Reads what SORT sorts: the elements of a list, a set or a sorted set, all or a range of them.
 *
 * <p>Threads: stateless; under the lock of the key.
 */
final class SortElements {
    private SortElements() {}

    /** Whether a value of that type can be sorted. */
    static boolean isSortable(int type) {
        return type == Record.LIST || type == Record.SET || type == Record.SORTED_SET;
    }

    static long size(long record) {
        return record == 0 ? 0 : Values.of(record).size(record);
    }

    /** Adds all members of a set. */
    static void readSet(long record, SortVector to) {
        SetCursor cursor = new SetCursor(record);
        while (cursor.next()) {
            to.add(cursor.element());
        }
    }

    /**
     * Adds {@code count} elements of a list or a sorted set.
     *
     * @param from the first one, counted from the front, or with {@code backwards} from the end
     */
    static void read(long record, long from, long count, boolean backwards, SortVector to) {
        if (count <= 0) {
            return;
        }
        long position = backwards ? size(record) - 1 - from : from;
        if (Record.type(record) == Record.LIST) {
            readList(record, position, count, backwards, to);
        } else {
            readSortedSet(record, position, count, backwards, to);
        }
    }

    private static void readList(
            long record, long position, long count, boolean backwards, SortVector to) {
        ListCursor cursor = new ListCursor();
        Element element = new Element();
        boolean more = cursor.goTo(record, position);
        for (long i = 0; i < count && more; i++) {
            to.add(element.setEntry(cursor.entry()));
            more = backwards ? cursor.previous() : cursor.next();
        }
    }

    private static void readSortedSet(
            long record, long position, long count, boolean backwards, SortVector to) {
        SortedSetCursor cursor = new SortedSetCursor();
        boolean more = cursor.at(record, position);
        for (long i = 0; i < count && more; i++) {
            to.add(cursor.member());
            more = backwards ? cursor.previous() : cursor.next();
        }
    }
}
