package io.keydb.server.value.list;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.CountedTree;
import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.TreePath;
import io.keydb.server.value.EncodingLimits;

/**
 * The long form of a list: a {@link CountedTree} whose leaves are listpacks, found by position.
 *
 * <pre>
 *   root    the tree's root (48), bytes of all leaves as allocated (8)
 *   leaf    a listpack at the start of a cell of just its size class
 * </pre>
 *
 * <p>A leaf takes elements up to the limit of {@link LeafLimit}; a larger element has a leaf of its
 * own. Leaves fill up when elements are pushed at the ends; a full leaf is divided where an element
 * comes in between. Leaves that shrank in the middle are joined when both fit into one. A leaf is
 * never empty; a list may be, for a moment.
 *
 * <p>Entries of leaves are addressed directly; any change makes their addresses void.
 *
 * <p>Threads: a flyweight, confined to one thread and the partition lock.
 */
final class Quicklist {
    static final int ROOT_BYTES = CountedTree.ROOT_BYTES + 8;

    private static final int LEAF_BYTES = CountedTree.ROOT_BYTES;

    private final TreePath path = new TreePath();
    private Allocator allocator;
    private long root;
    private long mostBytes;
    private long mostElements;

    @SuppressWarnings("NullAway.Init") // pointed at a list before anything else is asked of it
    Quicklist() {}

    /** Points at a list. */
    Quicklist of(Allocator newAllocator, long newRoot, EncodingLimits limits) {
        allocator = newAllocator;
        root = newRoot;
        mostBytes = Math.min(LeafLimit.bytes(limits), limits.listLeafBytes());
        mostElements = LeafLimit.elements(limits);
        return this;
    }

    /** The root of an empty list. */
    static long create(Allocator allocator) {
        long root = allocator.allocate(ROOT_BYTES);
        CountedTree.initialise(root);
        Memory.putLong(root + LEAF_BYTES, 0);
        return root;
    }

    static long size(long root) {
        return CountedTree.count(root);
    }

    /** All memory of the list. */
    static long allocatedBytes(long root) {
        return Allocator.cellSize(ROOT_BYTES)
                + CountedTree.bytes(root)
                + Memory.getLong(root + LEAF_BYTES);
    }

    /** Copies a list; gives the root of the copy. */
    static long copy(Allocator allocator, long from) {
        long to = create(allocator);
        TreePath source = new TreePath();
        TreePath target = new TreePath();
        long leaf = CountedTree.first(from, source);
        while (leaf != 0) {
            long count = CountedTree.leafCount(source);
            long copy = allocator.allocate(cell(leaf));
            Memory.copy(leaf, copy, Listpack.bytes(leaf));
            if (CountedTree.count(to) == 0) {
                CountedTree.insertOnly(to, target, copy, count);
            } else {
                CountedTree.insertAfter(allocator, target, copy, count);
            }
            leaf = CountedTree.next(source);
        }
        Memory.putLong(to + LEAF_BYTES, Memory.getLong(from + LEAF_BYTES));
        return to;
    }

    /** Frees about so many elements; the root with the last. Gives what is left of the budget. */
    static long free(Allocator allocator, long root, long budget) {
        long left =
                CountedTree.drain(
                        allocator, root, budget, (leaf, count) -> allocator.free(leaf, cell(leaf)));
        if (left > 0) {
            allocator.free(root, ROOT_BYTES);
        }
        return left;
    }

    /** Moves a leaf, and at position 0 the root, out of sparse memory; gives where to go on. */
    static long evacuate(Allocator allocator, long record, long position) {
        if (position == 0) {
            Record.setNumber(record, allocator.evacuate(Record.number(record), ROOT_BYTES));
        }
        return CountedTree.evacuate(
                allocator,
                Record.number(record),
                position,
                new TreePath(),
                leaf -> allocator.evacuate(leaf, cell(leaf)));
    }

    private static long cell(long leaf) {
        return Allocator.cellSize(Listpack.bytes(leaf));
    }

    /** The only leaf, or 0 when there are none or several. */
    long onlyLeaf() {
        return CountedTree.leaves(root) == 1 ? CountedTree.first(root, path) : 0;
    }

    /** Adds the entries of a listpack at the end, as a leaf of their own; it must not be empty. */
    void appendLeaf(long lp) {
        long leaf = newLeaf(Listpack.bytes(lp));
        Memory.copy(lp, leaf, Listpack.bytes(lp));
        addLeaf(false, leaf, Listpack.count(lp));
    }

    /** Adds an element at an end. */
    void push(boolean front, long address, int length) {
        int bytes = Listpack.sizeOf(address, length);
        long leaf = front ? CountedTree.first(root, path) : CountedTree.last(root, path);
        if (leaf != 0 && fits(bytes, 1)) {
            add(front ? Listpack.first(leaf) : 0, address, length, bytes);
        } else {
            addLeaf(front, newLeaf(address, length, bytes), 1);
        }
    }

    private void addLeaf(boolean front, long leaf, long count) {
        long neighbour = front ? CountedTree.first(root, path) : CountedTree.last(root, path);
        if (neighbour == 0) {
            CountedTree.insertOnly(root, path, leaf, count);
        } else if (front) {
            CountedTree.insertBefore(allocator, path, leaf, count);
        } else {
            CountedTree.insertAfter(allocator, path, leaf, count);
        }
    }

    /** Goes to the element at a position, which must exist, and gives its entry. */
    long seek(long position) {
        long leaf = CountedTree.at(root, position, path);
        return Listpack.at(leaf, path.offset());
    }

    /** Goes to the first element with this text and gives its entry, or 0. */
    long find(long address, int length) {
        for (long leaf = CountedTree.first(root, path); leaf != 0; leaf = CountedTree.next(path)) {
            long e = Listpack.find(leaf, Listpack.first(leaf), address, length, 0);
            if (e != 0) {
                return e;
            }
        }
        return 0;
    }

    /** Puts text in the place of the entry gone to. */
    void replace(long e, long address, int length) {
        long leaf = path.leaf();
        int bytes = Listpack.sizeOf(address, length);
        long old = Listpack.bytes(leaf);
        long wanted = old - Listpack.entryBytes(e) + bytes;
        if (wanted > mostBytes && CountedTree.leafCount(path) > 1) {
            insert(removeEntries(e, 1), address, length);
            return;
        }
        long offset = e - leaf;
        if (wanted > old) {
            leaf = fitCell(old, wanted);
        }
        Listpack.replace(leaf, leaf + offset, address, length);
        if (wanted < old) {
            fitCell(old, wanted);
            joinNeighbour(true);
            joinNeighbour(false);
        }
    }

    /** Inserts text behind the entry gone to. */
    void insertBehind(long e, long address, int length) {
        insert(Listpack.next(path.leaf(), e), address, length);
    }

    /** Inserts text before an entry of the leaf gone to; 0: at its end. */
    void insert(long e, long address, int length) {
        int bytes = Listpack.sizeOf(address, length);
        if (fits(bytes, 1)) {
            add(e, address, length, bytes);
        } else if (e == 0) {
            insertBehindLeaf(address, length, bytes);
        } else if (e == Listpack.first(path.leaf())) {
            insertBeforeLeaf(address, length, bytes);
        } else {
            split(e);
            insertBeforeLeaf(address, length, bytes);
        }
    }

    private void insertBehindLeaf(long address, int length, int bytes) {
        if (CountedTree.next(path) != 0) {
            insertBeforeLeaf(address, length, bytes);
        } else {
            CountedTree.last(root, path);
            CountedTree.insertAfter(allocator, path, newLeaf(address, length, bytes), 1);
        }
    }

    /** As the first of this leaf, or the last of that before it, or between them. */
    private void insertBeforeLeaf(long address, int length, int bytes) {
        if (fits(bytes, 1)) {
            add(Listpack.first(path.leaf()), address, length, bytes);
        } else if (CountedTree.previous(path) == 0) {
            CountedTree.first(root, path);
            CountedTree.insertBefore(allocator, path, newLeaf(address, length, bytes), 1);
        } else if (fits(bytes, 1)) {
            add(0, address, length, bytes);
        } else {
            CountedTree.insertAfter(allocator, path, newLeaf(address, length, bytes), 1);
        }
    }

    /** Divides the leaf before an entry that is not its first; goes to the second part. */
    private void split(long e) {
        long leaf = path.leaf();
        long old = Listpack.bytes(leaf);
        int bytes = (int) (leaf + old - 1 - e);
        int number = 0;
        for (long each = e; each != 0; each = Listpack.next(leaf, each)) {
            number++;
        }
        long second = newLeaf(Listpack.EMPTY_BYTES + bytes);
        Listpack.initialise(second);
        Listpack.insertEntries(second, 0, e, bytes, number);
        removeEntries(e, number);
        CountedTree.insertAfter(allocator, path, second, number);
    }

    /** Removes the element at an end of a list that is not empty. */
    void pop(boolean front) {
        long leaf = front ? CountedTree.first(root, path) : CountedTree.last(root, path);
        if (CountedTree.leafCount(path) == 1) {
            removeLeaf(cell(leaf));
        } else {
            removeEntries(front ? Listpack.first(leaf) : Listpack.last(leaf), 1);
        }
    }

    /** Removes elements, all of which exist. */
    void removeRange(long start, long count) {
        if (count <= 0) {
            return;
        }
        CountedTree.at(root, start, path);
        long offset = path.offset();
        long left = count;
        while (left > 0) {
            long here = CountedTree.leafCount(path);
            long removed = Math.min(left, here - offset);
            left -= removed;
            if (removed == here) {
                removeLeaf(cell(path.leaf()));
            } else {
                removeEntries(Listpack.at(path.leaf(), offset), (int) removed);
                if (left > 0) {
                    CountedTree.next(path);
                }
            }
            offset = 0;
        }
    }

    /** Removes elements with this text, at most so many; gives how many they were. */
    long removeMatching(long address, int length, long most, boolean fromEnd) {
        long removed = 0;
        long leaf = fromEnd ? CountedTree.last(root, path) : CountedTree.first(root, path);
        while (leaf != 0 && removed < most) {
            long old = Listpack.bytes(leaf);
            int here = Matches.remove(leaf, address, length, most - removed, fromEnd);
            removed += here;
            if (here == CountedTree.leafCount(path)) {
                removeLeaf(Allocator.cellSize(old));
                leaf = fromEnd ? leafBefore() : path.leaf();
                continue;
            }
            if (here > 0) {
                fitCell(old, Listpack.bytes(leaf));
                CountedTree.addToCount(path, -here);
                joinNeighbour(fromEnd);
            }
            leaf = fromEnd ? CountedTree.previous(path) : CountedTree.next(path);
        }
        return removed;
    }

    /** Goes to the leaf before a place that may be the end. */
    private long leafBefore() {
        return path.leaf() != 0 ? CountedTree.previous(path) : CountedTree.last(root, path);
    }

    /** Joins the leaf with that before it, or with that behind it, if they fit into one. */
    private void joinNeighbour(boolean behind) {
        if (behind) {
            if (CountedTree.next(path) == 0) {
                CountedTree.last(root, path);
                return;
            }
            if (!joinPrevious()) {
                CountedTree.previous(path);
            }
            return;
        }
        joinPrevious();
    }

    private boolean joinPrevious() {
        long leaf = path.leaf();
        int count = (int) CountedTree.leafCount(path);
        long previous = CountedTree.previous(path);
        if (previous == 0) {
            CountedTree.first(root, path);
            return false;
        }
        int bytes = Listpack.bytes(leaf) - Listpack.EMPTY_BYTES;
        if (!fits(bytes, count)) {
            CountedTree.next(path);
            return false;
        }
        long old = Listpack.bytes(previous);
        Listpack.insertEntries(fitCell(old, old + bytes), 0, Listpack.first(leaf), bytes, count);
        CountedTree.addToCount(path, count);
        CountedTree.next(path);
        removeLeaf(cell(leaf));
        leafBefore();
        return true;
    }

    /** Checks what must hold between calls. */
    void checkInvariants() {
        CountedTree.checkInvariants(root);
        long bytes = 0;
        for (long leaf = CountedTree.first(root, path); leaf != 0; leaf = CountedTree.next(path)) {
            bytes += cell(leaf);
            int count = Listpack.count(leaf);
            if (count == 0
                    || count != CountedTree.leafCount(path)
                    || !Listpack.isValid(leaf, Listpack.bytes(leaf))) {
                throw new IllegalStateException("violated: a leaf is as the tree says");
            }
        }
        if (bytes != Memory.getLong(root + LEAF_BYTES)) {
            throw new IllegalStateException("violated: the memory of leaves is the sum");
        }
    }

    /** Whether so much more goes into the leaf gone to. */
    private boolean fits(int bytes, int entries) {
        return Listpack.bytes(path.leaf()) + (long) bytes <= mostBytes
                && CountedTree.leafCount(path) + entries <= mostElements;
    }

    private void add(long e, long address, int length, int bytes) {
        long leaf = path.leaf();
        long offset = e == 0 ? 0 : e - leaf;
        long old = Listpack.bytes(leaf);
        long now = fitCell(old, old + bytes);
        Listpack.insert(now, offset == 0 ? 0 : now + offset, address, length);
        CountedTree.addToCount(path, 1);
    }

    /** Removes some entries of a leaf, not all; gives the entry behind them, or 0. */
    private long removeEntries(long e, int number) {
        long leaf = path.leaf();
        long old = Listpack.bytes(leaf);
        long behind = Listpack.remove(leaf, e, number);
        long now = fitCell(old, Listpack.bytes(leaf));
        CountedTree.addToCount(path, -number);
        return behind == 0 ? 0 : now + (behind - leaf);
    }

    private void removeLeaf(long cellBytes) {
        long leaf = path.leaf();
        CountedTree.remove(allocator, path);
        allocator.free(leaf, cellBytes);
        addToLeafBytes(-cellBytes);
    }

    /** Gives the leaf the cell for another size; gives where it is. */
    private long fitCell(long oldBytes, long newBytes) {
        long leaf = path.leaf();
        long old = Allocator.cellSize(oldBytes);
        long wanted = Allocator.cellSize(newBytes);
        if (old == wanted) {
            return leaf;
        }
        long moved = allocator.allocate(wanted);
        Memory.copy(leaf, moved, Math.min(oldBytes, newBytes));
        allocator.free(leaf, old);
        addToLeafBytes(wanted - old);
        CountedTree.replaceLeaf(path, moved);
        return moved;
    }

    private long newLeaf(long bytes) {
        long cell = Allocator.cellSize(bytes);
        addToLeafBytes(cell);
        return allocator.allocate(cell);
    }

    private long newLeaf(long address, int length, int entryBytes) {
        long leaf = newLeaf(Listpack.EMPTY_BYTES + (long) entryBytes);
        Listpack.initialise(leaf);
        Listpack.append(leaf, address, length);
        return leaf;
    }

    private void addToLeafBytes(long delta) {
        Memory.putLong(root + LEAF_BYTES, Memory.getLong(root + LEAF_BYTES) + delta);
    }
}
