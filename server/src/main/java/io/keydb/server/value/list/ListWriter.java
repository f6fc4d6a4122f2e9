package io.keydb.server.value.list;

import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Blob;
import io.keydb.server.value.Element;
import io.keydb.server.value.Holder;

/**
 * Changes the list of a holder, in either form, and changes the form where the limits say so:
 *
 * <pre>
 *   one listpack in the record  --{@link #expect}: it will not fit-->       tree of listpacks
 *   one listpack in the record  &lt;--{@link #shrunk}: half the limit or less--  tree of listpacks
 * </pre>
 *
 * <p>Text that is added must not lie within the list itself. A list without elements is the
 * caller's to remove.
 *
 * <p>To build a list from many elements: {@link #expect} with what is known, then {@link #push}
 * each, or {@link #appendListpack} whole listpacks and {@link #built} at the end.
 *
 * <p>Threads: a flyweight, confined to one thread, and to the partition lock of the list.
 */
public final class ListWriter {
    private static final ThreadLocal<ListWriter> OF_THREAD =
            ThreadLocal.withInitial(ListWriter::new);

    /** The longest text of an element. */
    public static final int LONGEST_ELEMENT = Listpack.LONGEST - 64;

    private final Quicklist quicklist = new Quicklist();
    private Holder holder;

    @SuppressWarnings("NullAway.Init") // pointed at a holder before anything else is asked of it
    public ListWriter() {}

    /** The writer of this thread, for the list of a holder; until the next call. */
    public static ListWriter of(Holder holder) {
        return OF_THREAD.get().on(holder);
    }

    /** Points at the list of a holder, which may have none yet. */
    public ListWriter on(Holder newHolder) {
        holder = newHolder;
        return this;
    }

    /** The number of elements. */
    public long size() {
        return holder.record() == 0 ? 0 : ListType.sizeOf(holder.record());
    }

    private boolean isTree() {
        return ListType.isTree(holder.record());
    }

    private Quicklist tree() {
        holder.beforeChange();
        return treeAsItIs();
    }

    private Quicklist treeAsItIs() {
        return quicklist.of(holder.allocator(), Record.number(holder.record()), holder.limits());
    }

    /** Chooses the form for elements about to be added, so many with so many bytes of text. */
    public void expect(long elements, long textBytes) {
        long record = holder.record();
        if (record != 0 && ListType.isTree(record)) {
            return;
        }
        long bytes = record == 0 ? Listpack.EMPTY_BYTES : Blob.length(record);
        long count = record == 0 ? 0 : Listpack.count(Blob.address(record));
        if (bytes + textBytes > LeafLimit.bytes(holder.limits())
                || count + elements > LeafLimit.elements(holder.limits())) {
            toTree();
        }
    }

    private void toTree() {
        long root = Quicklist.create(holder.allocator());
        long record = holder.record();
        if (record == 0) {
            Record.setNumber(holder.create(Record.LIST, Record.INT, Long.BYTES), root);
            return;
        }
        holder.beforeChange();
        long lp = Blob.address(record);
        if (Listpack.first(lp) != 0) {
            quicklist.of(holder.allocator(), root, holder.limits()).appendLeaf(lp);
        }
        Blob.replaceByStructure(holder, root);
    }

    /** Goes back to one listpack when the list has become small enough for that. */
    public void shrunk() {
        returnToListpack(true);
    }

    /** Chooses the form for a list that has just been built. */
    public void built() {
        expect(0, 0);
        returnToListpack(false);
    }

    private void returnToListpack(boolean reluctantly) {
        if (!isTree()) {
            return;
        }
        long leaf = treeAsItIs().onlyLeaf();
        if (leaf == 0) {
            return;
        }
        int bytes = Listpack.bytes(leaf);
        long count = Listpack.count(leaf);
        boolean returns =
                reluctantly
                        ? LeafLimit.allowsReturn(holder.limits(), bytes, count)
                        : bytes <= LeafLimit.bytes(holder.limits())
                                && count <= LeafLimit.elements(holder.limits());
        if (returns) {
            long root = Record.number(holder.record());
            Memory.copy(leaf, Blob.replaceStructure(holder, false, bytes), bytes);
            Quicklist.free(holder.allocator(), root, Long.MAX_VALUE);
        }
    }

    /** Adds an element at the front or the back; {@link #expect} has chosen the form. */
    public void push(boolean front, long address, int length) {
        long record = holder.record();
        if (record != 0 && ListType.isTree(record)) {
            tree().push(front, address, length);
            return;
        }
        int bytes = Listpack.sizeOf(address, length);
        long lp;
        if (record == 0) {
            lp = Blob.create(holder, Record.LIST, false, Listpack.EMPTY_BYTES + (long) bytes);
            Listpack.initialise(lp);
        } else {
            lp = Blob.resize(holder, Blob.length(record) + bytes);
        }
        Listpack.insert(lp, front ? Listpack.first(lp) : 0, address, length);
    }

    /** Adds an element that does not lie within the list; otherwise as {@link #push}. */
    public void push(boolean front, Element element) {
        if (element.isInteger()) {
            pushCopy(front, element, element.length());
        } else {
            push(front, element.address(), element.length());
        }
    }

    private void pushCopy(boolean front, Element element, int length) {
        long copy = holder.allocator().allocate(Math.max(1, length));
        element.copyTo(copy);
        push(front, copy, length);
        holder.allocator().free(copy, Math.max(1, length));
    }

    /** Makes the element at one end that at the other, in a list that is not empty. */
    public void rotate(boolean fromFront, Element end) {
        int length = end.length();
        long copy = holder.allocator().allocate(Math.max(1, length));
        end.copyTo(copy);
        pop(fromFront);
        expect(1, length);
        push(!fromFront, copy, length);
        holder.allocator().free(copy, Math.max(1, length));
        shrunk();
    }

    /**
     * Adds all entries of a listpack at the end, which must have some, and have been validated if
     * they are foreign.
     */
    public void appendListpack(long lp) {
        if (holder.record() == 0) {
            long bytes = Listpack.bytes(lp);
            Memory.copy(lp, Blob.create(holder, Record.LIST, false, bytes), bytes);
            return;
        }
        if (!isTree()) {
            toTree();
        }
        tree().appendLeaf(lp);
    }

    /** Removes the element at the front or the back. */
    public void pop(boolean front) {
        if (isTree()) {
            tree().pop(front);
            return;
        }
        holder.beforeChange();
        long lp = Blob.address(holder.record());
        Listpack.remove(lp, front ? Listpack.first(lp) : Listpack.last(lp), 1);
        Blob.resize(holder, Listpack.bytes(lp));
    }

    /** Removes elements, all of which exist. */
    public void removeRange(long start, long count) {
        if (isTree()) {
            tree().removeRange(start, count);
        } else if (count > 0) {
            holder.beforeChange();
            long lp = Blob.address(holder.record());
            Listpack.remove(lp, Listpack.at(lp, start), (int) count);
            Blob.resize(holder, Listpack.bytes(lp));
        }
    }

    /**
     * Removes elements with this text.
     *
     * @param most how many at most
     * @param fromEnd whether the last ones go first
     * @return how many they were
     */
    public long removeMatching(long address, int length, long most, boolean fromEnd) {
        if (isTree()) {
            return tree().removeMatching(address, length, most, fromEnd);
        }
        holder.beforeChange();
        long lp = Blob.address(holder.record());
        int removed = Matches.remove(lp, address, length, most, fromEnd);
        if (removed > 0) {
            Blob.resize(holder, Listpack.bytes(lp));
        }
        return removed;
    }

    /** Puts text in the place of the element at a position, which exists. */
    public void replace(long position, long address, int length) {
        if (isTree()) {
            Quicklist tree = tree();
            tree.replace(tree.seek(position), address, length);
            return;
        }
        holder.beforeChange();
        long lp = Blob.address(holder.record());
        long e = Listpack.at(lp, position);
        long offset = e - lp;
        int grows = Listpack.sizeOf(address, length) - Listpack.entryBytes(e);
        if (grows > 0) {
            lp = Blob.resize(holder, Blob.length(holder.record()) + grows);
        }
        Listpack.replace(lp, lp + offset, address, length);
        if (grows < 0) {
            Blob.resize(holder, Listpack.bytes(lp));
        }
    }

    /**
     * Inserts text next to the first element that is {@code pivot}.
     *
     * @param behind whether behind it
     * @return whether there is one
     */
    public boolean insert(long pivot, int pivotLength, boolean behind, long address, int length) {
        if (isTree()) {
            return insertIntoTree(pivot, pivotLength, behind, address, length);
        }
        long lp = Blob.address(holder.record());
        long e = Listpack.find(lp, Listpack.first(lp), pivot, pivotLength, 0);
        if (e == 0) {
            return false;
        }
        long at = behind ? Listpack.next(lp, e) : e;
        long offset = at - lp;
        long bytes = Blob.length(holder.record()) + Listpack.sizeOf(address, length);
        long now = Blob.resize(holder, bytes);
        Listpack.insert(now, at == 0 ? 0 : now + offset, address, length);
        return true;
    }

    private boolean insertIntoTree(
            long pivot, int pivotLength, boolean behind, long address, int length) {
        Quicklist tree = treeAsItIs();
        long e = tree.find(pivot, pivotLength);
        if (e == 0) {
            return false;
        }
        holder.beforeChange();
        if (behind) {
            tree.insertBehind(e, address, length);
        } else {
            tree.insert(e, address, length);
        }
        return true;
    }

    /** Checks what must hold between calls. */
    public void checkInvariants() {
        if (isTree()) {
            treeAsItIs().checkInvariants();
            return;
        }
        long record = holder.record();
        if (!Listpack.isValid(Blob.address(record), Blob.length(record))) {
            throw new IllegalStateException("violated: the listpack is sound");
        }
    }
}
