package io.keydb.server.value.list;

import io.keydb.server.structure.CountedTree;
import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.TreePath;
import io.keydb.server.value.Blob;

/**
 * A place in a list, to read it from there in both directions. To be used again and again; void
 * when the list changes.
 *
 * <pre>
 *   for (boolean any = cursor.goTo(record, 0); any; any = cursor.next()) { ... cursor.entry() ... }
 * </pre>
 *
 * <p>Who wants whole listpacks, as a dump does, takes {@link #listpack} and {@link #nextListpack}.
 *
 * <p>Threads: confined to one thread, and to the partition lock of the list.
 */
public final class ListCursor {
    private static final ThreadLocal<ListCursor> OF_THREAD =
            ThreadLocal.withInitial(ListCursor::new);

    private final TreePath path = new TreePath();
    private boolean tree;
    private long lp;
    private long entry;

    /** The cursor of this thread, for uses that end at once. */
    public static ListCursor ofThread() {
        return OF_THREAD.get();
    }

    /** Goes to a position, counted from 0; false when there is no such element. */
    public boolean goTo(long record, long position) {
        tree = ListType.isTree(record);
        long offset = position;
        if (tree) {
            lp = CountedTree.at(Record.number(record), position, path);
            offset = path.offset();
        } else {
            lp = Blob.address(record);
        }
        entry = lp == 0 || position < 0 ? 0 : Listpack.at(lp, offset);
        return entry != 0;
    }

    /** Goes to the first or the last element; false when there is none. */
    public boolean goToEnd(long record, boolean front) {
        tree = ListType.isTree(record);
        if (tree) {
            long root = Record.number(record);
            lp = front ? CountedTree.first(root, path) : CountedTree.last(root, path);
        } else {
            lp = Blob.address(record);
        }
        entry = lp == 0 ? 0 : front ? Listpack.first(lp) : Listpack.last(lp);
        return entry != 0;
    }

    /** Goes one element on; false at the end. */
    public boolean next() {
        entry = Listpack.next(lp, entry);
        return entry != 0 || (nextListpack() && toFirst());
    }

    private boolean toFirst() {
        entry = Listpack.first(lp);
        return true;
    }

    /** Goes one element back; false at the start. */
    public boolean previous() {
        entry = Listpack.previous(lp, entry);
        if (entry != 0) {
            return true;
        }
        long leaf = tree ? CountedTree.previous(path) : 0;
        if (leaf == 0) {
            return false;
        }
        lp = leaf;
        entry = Listpack.last(leaf);
        return true;
    }

    /** The element, as an entry of a listpack. */
    public long entry() {
        return entry;
    }

    /** The listpack the element is in. */
    public long listpack() {
        return lp;
    }

    /** Goes to the first element of the next listpack; false when there is none. */
    public boolean nextListpack() {
        long leaf = tree ? CountedTree.next(path) : 0;
        if (leaf == 0) {
            return false;
        }
        lp = leaf;
        return toFirst();
    }

    /** Whether a list has an element of that text. */
    public boolean finds(long record, long address, int length) {
        boolean more = goToEnd(record, true);
        while (more) {
            if (Listpack.find(lp, entry, address, length, 0) != 0) {
                return true;
            }
            more = nextListpack();
        }
        return false;
    }
}
