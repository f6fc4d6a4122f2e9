package io.keydb.server.value.sortedset;

import io.keydb.server.structure.CountedTree;
import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.TreePath;
import io.keydb.server.value.Blob;
import io.keydb.server.value.Element;

/**
 * Goes through the members of a sorted set in their order, in both directions. Reusable; valid
 * until the set changes.
 *
 * <pre>
 *   for (boolean is = cursor.at(record, 0); is; is = cursor.next()) {
 *       … cursor.member() … cursor.score() …
 *   }
 * </pre>
 *
 * <p>Threads: confined to its owner, and to the partition lock of the record's key.
 */
public final class SortedSetCursor {
    private final Element member = new Element();
    private final TreePath path = new TreePath();
    private boolean isListpack;

    /** The listpack, or the leaf. */
    private long container;

    /** The entry of the member, 0 at the end. */
    private long entry;

    private int index;

    /** Goes to a position; false when there is none. */
    public boolean at(long record, long position) {
        if (record == 0 || position < 0) {
            return false;
        }
        isListpack = SortedSet.isListpack(record);
        if (isListpack) {
            container = Blob.address(record);
            entry = ScoreListpack.at(container, position);
            return entry != 0;
        }
        return atOf(Record.number(record), position);
    }

    /** Goes to a position in the tree of this root. */
    boolean atOf(long root, long position) {
        isListpack = false;
        container = CountedTree.at(ScoreTree.order(root), position, path);
        index = (int) path.offset();
        return container != 0;
    }

    /** Goes to the next member; false at the end. */
    public boolean next() {
        if (isListpack) {
            entry = Listpack.next(container, Listpack.next(container, entry));
            return entry != 0;
        }
        if (++index == ScoreLeaf.size(container)) {
            container = CountedTree.next(path);
            index = 0;
        }
        return container != 0;
    }

    /** Goes to the member before; false at the start. */
    public boolean previous() {
        if (isListpack) {
            entry = Listpack.previous(container, entry);
            entry = entry == 0 ? 0 : Listpack.previous(container, entry);
            return entry != 0;
        }
        if (--index < 0) {
            container = CountedTree.previous(path);
            index = container == 0 ? 0 : ScoreLeaf.size(container) - 1;
        }
        return container != 0;
    }

    /** The member; the same object each time. */
    public Element member() {
        if (!isListpack) {
            long record = ScoreLeaf.record(container, index);
            return member.set(Record.keyAddress(record), Record.keyLength(record));
        }
        return Listpack.isInteger(entry)
                ? member.set(Listpack.integer(entry))
                : member.set(Listpack.textAddress(entry), Listpack.textLength(entry));
    }

    /** The score of the member. */
    public double score() {
        return isListpack
                ? ScoreListpack.score(container, entry)
                : ScoreTree.score(ScoreLeaf.record(container, index));
    }
}
