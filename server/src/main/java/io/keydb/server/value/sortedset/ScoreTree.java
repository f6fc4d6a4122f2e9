package io.keydb.server.value.sortedset;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Hashing;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.CountedTree;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.structure.TreePath;
import io.keydb.server.value.Holder;
import io.keydb.server.value.Members;

/**
 * The form of large sorted sets, which the outside calls "skiplist": the members as records in a
 * hash table, their scores in them, and a tree of (score, record) in their order.
 *
 * <pre>
 *   root
 *   0    {@link Members}, the members' records in a table (32)
 *   32   {@link CountedTree} of {@link ScoreLeaf leaves} (48)
 *   80   memory of records and leaves (8)
 *
 *   member's record: type SORTED_SET, encoding INT: the bits of the score
 *   separator of a leaf: its first element, a sortable score and a record
 * </pre>
 *
 * <p>So a score is found by one look into the table, a rank or a place by one descent in the tree.
 * Of equal scores the records' bytes decide, so a separator names a record that is alive: whatever
 * takes away, moves or changes the first element of a leaf sets its separator.
 *
 * <p>Cost: 24 bytes for the record of a member of 13 bytes, 9 to 10 in the table, 17 to 18 in the
 * tree.
 *
 * <p>Threads: confined to the partition lock.
 */
final class ScoreTree {
    private static final int ORDER = Members.HEADER_BYTES;
    private static final int OWNED = ORDER + CountedTree.ROOT_BYTES;
    private static final int ROOT_BYTES = OWNED + 8;

    private static final int SHAPE =
            Record.shape(Record.SORTED_SET, Record.INT, false, false, false);

    /** A leaf with fewer elements looks for a neighbour to join. */
    private static final int FEW = ScoreLeaf.MOST / 4;

    private static final ThreadLocal<Search> SEARCH = ThreadLocal.withInitial(Search::new);

    /** What a search needs, kept by each thread. */
    private static final class Search {
        final TreePath path = new TreePath();
        final Bound bound = new Bound();
    }

    private ScoreTree() {}

    static long create(Allocator allocator) {
        long root = allocator.allocate(ROOT_BYTES);
        Members.initialise(root);
        CountedTree.initialise(root + ORDER);
        Memory.putLong(root + OWNED, 0);
        return root;
    }

    static long size(long root) {
        return Members.size(root);
    }

    /** All memory, the root included. */
    static long bytes(long root) {
        return Allocator.cellSize(ROOT_BYTES)
                + Members.bytes(root)
                + CountedTree.bytes(root + ORDER)
                + Memory.getLong(root + OWNED);
    }

    /** The tree of the leaves. */
    static long order(long root) {
        return root + ORDER;
    }

    /** The record of a member, or 0. */
    static long find(long root, long address, int length) {
        return Members.find(root, address, length);
    }

    static double score(long record) {
        return Double.longBitsToDouble(Record.number(record));
    }

    private static long hash(long record) {
        return Hashing.hash(Record.keyAddress(record), Record.keyLength(record));
    }

    private static void own(long root, long difference) {
        Memory.putLong(root + OWNED, Memory.getLong(root + OWNED) + difference);
    }

    /** Adds a member that is not there. */
    static void insert(Allocator allocator, long root, long address, int length, double score) {
        long record = Record.create(allocator, SHAPE, address, length, 0);
        Record.setNumber(record, Double.doubleToRawLongBits(score));
        add(allocator, root, record);
    }

    private static void add(Allocator allocator, long root, long record) {
        own(root, Allocator.cellSize(Record.sizeOf(record)));
        RecordTable.insert(allocator, root, hash(record), record);
        insertElement(allocator, root, Bound.sortable(score(record)), record);
    }

    /** Gives a member another score. */
    static void update(Allocator allocator, long root, long record, double score) {
        long old = Bound.sortable(score(record));
        long sortable = Bound.sortable(score);
        if (old != sortable) {
            TreePath path = go(root, record);
            long leaf = path.leaf();
            int index = indexOf(leaf, old, record);
            if (staysAt(leaf, index, sortable, record)) {
                ScoreLeaf.set(leaf, index, sortable, record);
                mark(path, index);
            } else {
                removeElements(allocator, root, path, index, 1);
                insertElement(allocator, root, sortable, record);
            }
        }
        Record.setNumber(record, Double.doubleToRawLongBits(score));
    }

    /** Whether an element of another score still belongs between the same two of its leaf. */
    private static boolean staysAt(long leaf, int index, long sortable, long record) {
        if (index == 0 || index == ScoreLeaf.size(leaf) - 1) {
            return false;
        }
        Bound bound =
                SEARCH.get()
                        .bound
                        .setMember(0, Record.keyAddress(record), Record.keyLength(record))
                        .withSortable(sortable);
        return bound.compareTo(
                                ScoreLeaf.sortable(leaf, index - 1),
                                ScoreLeaf.record(leaf, index - 1))
                        > 0
                && bound.compareTo(
                                ScoreLeaf.sortable(leaf, index + 1),
                                ScoreLeaf.record(leaf, index + 1))
                        < 0;
    }

    /** Takes a member out and frees its record. */
    static void remove(Holder holder, long root, long record) {
        TreePath path = go(root, record);
        int index = indexOf(path.leaf(), Bound.sortable(score(record)), record);
        removeElements(holder.allocator(), root, path, index, 1);
        forget(holder, root, record);
    }

    private static void forget(Holder holder, long root, long record) {
        Members.forget(holder, record);
        RecordTable.remove(holder.allocator(), root, hash(record), record);
        free(holder.allocator(), root, record);
    }

    private static void free(Allocator allocator, long root, long record) {
        long bytes = Record.sizeOf(record);
        own(root, -Allocator.cellSize(bytes));
        allocator.free(record, bytes);
    }

    /** Takes members out by their positions. */
    static void removeRange(Holder holder, long root, long position, long count) {
        TreePath path = SEARCH.get().path;
        long left = count;
        while (left > 0) {
            long leaf = CountedTree.at(order(root), position, path);
            int from = (int) path.offset();
            int removed = (int) Math.min(left, ScoreLeaf.size(leaf) - from);
            // The records go last: separators name them until the leaf is as it will be.
            long[] records = new long[removed];
            for (int i = 0; i < removed; i++) {
                records[i] = ScoreLeaf.record(leaf, from + i);
            }
            removeElements(holder.allocator(), root, path, from, removed);
            for (long record : records) {
                forget(holder, root, record);
            }
            left -= removed;
        }
    }

    /** Puts a copy of a member's record in its place; frees nothing. */
    static void moved(long root, long record, long moved) {
        TreePath path = go(root, record);
        long sortable = Bound.sortable(score(record));
        int index = indexOf(path.leaf(), sortable, record);
        ScoreLeaf.set(path.leaf(), index, sortable, moved);
        mark(path, index);
        RecordTable.replace(root, hash(record), record, moved);
        own(
                root,
                Allocator.cellSize(Record.sizeOf(moved))
                        - Allocator.cellSize(Record.sizeOf(record)));
    }

    /** How many members come before this one. */
    static long rank(long root, long record) {
        TreePath path = go(root, record);
        return CountedTree.rank(path) + indexOf(path.leaf(), Bound.sortable(score(record)), record);
    }

    /** How many members come before a place. */
    static long countBefore(long root, Bound bound) {
        TreePath path = SEARCH.get().path;
        long leaf = CountedTree.find(order(root), bound, path);
        return leaf == 0 ? 0 : CountedTree.rank(path) + ScoreLeaf.countBefore(leaf, bound);
    }

    /** Goes to the leaf of a member. */
    private static TreePath go(long root, long record) {
        Search search = SEARCH.get();
        search.bound.setMember(score(record), Record.keyAddress(record), Record.keyLength(record));
        CountedTree.find(order(root), search.bound, search.path);
        return search.path;
    }

    private static int indexOf(long leaf, long sortable, long record) {
        int low = 0;
        int high = ScoreLeaf.size(leaf);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ScoreLeaf.sortable(leaf, middle) < sortable) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (ScoreLeaf.record(leaf, low) != record) {
            low = ScoreLeaf.countBefore(leaf, SEARCH.get().bound);
        }
        assert ScoreLeaf.record(leaf, low) == record;
        return low;
    }

    /** Sets the separator of the path's leaf if the element that changed is its first. */
    private static void mark(TreePath path, int index) {
        if (index == 0) {
            long leaf = path.leaf();
            CountedTree.setSeparator(path, ScoreLeaf.sortable(leaf, 0), ScoreLeaf.record(leaf, 0));
        }
    }

    private static void insertElement(Allocator allocator, long root, long sortable, long record) {
        Search search = SEARCH.get();
        TreePath path = search.path;
        search.bound
                .setMember(0, Record.keyAddress(record), Record.keyLength(record))
                .withSortable(sortable);
        long leaf = CountedTree.find(order(root), search.bound, path);
        if (leaf == 0) {
            leaf = createLeaf(allocator, root, 1);
            ScoreLeaf.insert(leaf, 0, sortable, record);
            CountedTree.insertOnly(order(root), path, leaf, 1);
            mark(path, 0);
            return;
        }
        int index = ScoreLeaf.countBefore(leaf, search.bound);
        int size = ScoreLeaf.size(leaf);
        if (size == ScoreLeaf.MOST) {
            index = split(allocator, root, path, index);
        } else if (size == ScoreLeaf.room(leaf)) {
            resize(allocator, root, path, size + 1);
        }
        ScoreLeaf.insert(path.leaf(), index, sortable, record);
        CountedTree.addToCount(path, 1);
        mark(path, index);
    }

    /**
     * Divides a full leaf, goes to the part where an element is to be inserted, and gives its index
     * there. At the very end and start of the tree the full leaf gets an empty neighbour instead.
     */
    private static int split(Allocator allocator, long root, TreePath path, int index) {
        long leaf = path.leaf();
        if (index == ScoreLeaf.MOST && CountedTree.isLast(path)) {
            CountedTree.insertAfter(allocator, path, createLeaf(allocator, root, 1), 0);
            return 0;
        }
        if (index == 0) {
            CountedTree.insertBefore(allocator, path, createLeaf(allocator, root, 1), 0);
            return 0;
        }
        int keep = ScoreLeaf.MOST / 2 + 1;
        int moved = ScoreLeaf.MOST - keep;
        long right = createLeaf(allocator, root, moved + 1);
        ScoreLeaf.append(leaf, keep, ScoreLeaf.MOST, right);
        ScoreLeaf.remove(leaf, keep, moved);
        CountedTree.addToCount(path, -moved);
        resize(allocator, root, path, keep + 1);
        CountedTree.insertAfter(allocator, path, right, moved);
        mark(path, 0);
        if (index > keep) {
            return index - keep;
        }
        CountedTree.previous(path);
        return index;
    }

    private static long createLeaf(Allocator allocator, long root, int elements) {
        long leaf = ScoreLeaf.create(allocator, elements);
        own(root, ScoreLeaf.bytes(leaf));
        return leaf;
    }

    private static void freeLeaf(Allocator allocator, long root, long leaf) {
        own(root, -ScoreLeaf.bytes(leaf));
        ScoreLeaf.free(allocator, leaf);
    }

    /** Moves the elements of the path's leaf to a cell for so many. */
    private static void resize(Allocator allocator, long root, TreePath path, int elements) {
        long leaf = path.leaf();
        long resized = createLeaf(allocator, root, elements);
        ScoreLeaf.append(leaf, 0, ScoreLeaf.size(leaf), resized);
        CountedTree.replaceLeaf(path, resized);
        freeLeaf(allocator, root, leaf);
    }

    private static void removeElements(
            Allocator allocator, long root, TreePath path, int index, int count) {
        long leaf = path.leaf();
        int size = ScoreLeaf.size(leaf) - count;
        ScoreLeaf.remove(leaf, index, count);
        CountedTree.addToCount(path, -count);
        if (size == 0) {
            CountedTree.remove(allocator, path);
            freeLeaf(allocator, root, leaf);
            return;
        }
        mark(path, index);
        if (size >= FEW || !join(allocator, root, path)) {
            int room = ScoreLeaf.room(leaf);
            if (room - size > room / 4 + 4) {
                resize(allocator, root, path, size + 1);
            }
        }
    }

    /** Puts a leaf's elements into the one behind it, if there is room for few more. */
    private static boolean join(Allocator allocator, long root, TreePath path) {
        if (CountedTree.isLast(path)) {
            return false;
        }
        long left = path.leaf();
        int moved = ScoreLeaf.size(left);
        long right = CountedTree.next(path);
        int both = moved + ScoreLeaf.size(right);
        if (both > ScoreLeaf.MOST * 3 / 4) {
            CountedTree.previous(path);
            return false;
        }
        long joined = createLeaf(allocator, root, both);
        ScoreLeaf.append(left, 0, moved, joined);
        ScoreLeaf.append(right, 0, both - moved, joined);
        CountedTree.replaceLeaf(path, joined);
        CountedTree.addToCount(path, moved);
        mark(path, 0);
        CountedTree.previous(path);
        CountedTree.remove(allocator, path);
        freeLeaf(allocator, root, left);
        freeLeaf(allocator, root, right);
        return true;
    }

    /** A copy with memory of its own. */
    static long copy(Allocator allocator, long root) {
        long copy = create(allocator);
        TreePath path = new TreePath();
        for (long leaf = CountedTree.first(order(root), path);
                leaf != 0;
                leaf = CountedTree.next(path)) {
            for (int i = 0; i < ScoreLeaf.size(leaf); i++) {
                long record = ScoreLeaf.record(leaf, i);
                long bytes = Record.sizeOf(record);
                long copied = allocator.allocate(bytes);
                Memory.copy(record, copied, bytes);
                add(allocator, copy, copied);
                Members.index(allocator, copy, copied);
            }
        }
        return copy;
    }

    /** Frees about so many members, in the end the root; more than 0 is left when all is free. */
    static long drain(Allocator allocator, long root, long budget) {
        long left = budget;
        if (Members.size(root) > 0) {
            left = Members.drain(allocator, root, budget, record -> free(allocator, root, record));
        }
        if (left > 0) {
            left =
                    CountedTree.drain(
                            allocator,
                            order(root),
                            left,
                            (leaf, count) -> freeLeaf(allocator, root, leaf));
        }
        if (left > 0) {
            allocator.free(root, ROOT_BYTES);
        }
        return left;
    }

    /**
     * Moves members or a leaf out of sparse memory: first the members, at even positions, then the
     * order, at odd ones.
     */
    static long evacuate(Allocator allocator, long record, long position) {
        if ((position & 1) == 0) {
            long next = Members.evacuate(allocator, record, ROOT_BYTES, position);
            return next == 0 ? 1 : next;
        }
        long next =
                CountedTree.evacuate(
                        allocator,
                        order(Record.number(record)),
                        position >>> 1,
                        new TreePath(),
                        leaf -> ScoreLeaf.evacuate(allocator, leaf));
        return next == 0 ? 0 : next << 1 | 1;
    }

    static void checkInvariants(long root) {
        CountedTree.checkInvariants(order(root));
        check(CountedTree.count(order(root)) == size(root), "as many elements as members");
        TreePath path = new TreePath();
        Bound bound = new Bound().setStart();
        long owned = 0;
        for (long leaf = CountedTree.first(order(root), path);
                leaf != 0;
                leaf = CountedTree.next(path)) {
            int size = ScoreLeaf.size(leaf);
            check(size > 0 && size <= ScoreLeaf.room(leaf), "no leaf is empty or too full");
            check(size == CountedTree.leafCount(path), "the tree knows the size of a leaf");
            check(
                    CountedTree.high(path) == ScoreLeaf.sortable(leaf, 0)
                            && CountedTree.low(path) == ScoreLeaf.record(leaf, 0),
                    "the separator is the first element");
            owned += ScoreLeaf.bytes(leaf);
            for (int i = 0; i < size; i++) {
                long record = ScoreLeaf.record(leaf, i);
                long address = Record.keyAddress(record);
                int length = Record.keyLength(record);
                check(find(root, address, length) == record, "an element is a member");
                check(
                        Bound.sortable(score(record)) == ScoreLeaf.sortable(leaf, i),
                        "the score of an element is its record's");
                check(
                        bound.compareTo(ScoreLeaf.sortable(leaf, i), record) < 0,
                        "elements are in their order");
                bound.setMember(score(record), address, length);
                owned += Allocator.cellSize(Record.sizeOf(record));
            }
        }
        check(owned == Memory.getLong(root + OWNED), "the memory is that of records and leaves");
    }

    private static void check(boolean holds, String invariant) {
        if (!holds) {
            throw new IllegalStateException("violated: " + invariant);
        }
    }
}
