package io.keydb.server.structure;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;

/**
 * A B+tree with counts: leaves in an order, found by the position of their elements or by a
 * separator. What a leaf is, its user defines; the tree knows its address, the number of its
 * elements, and its separator, two longs. Static, on a root outside the Java heap.
 *
 * <pre>
 *   root
 *   0    the only leaf, or the highest {@link TreeNode}; 0 when empty (8)
 *   8    elements in all (8)
 *   16   separator of the only leaf, high (8)
 *   24   the same, low (8)
 *   32   leaves (4)
 *   36   memory of the nodes, in units of 8 bytes (4)
 *   40   levels of nodes: 0 with at most one leaf (8)
 *
 *          root
 *           |
 *          [ | | ]          level 1
 *          /  |  \
 *     [ | ] [ | ] [ | | ]   level 0
 *      | |   | |   | | |
 *      o o   o o   o o o    leaves
 * </pre>
 *
 * <p>All that is done at a leaf takes a {@link TreePath}, the result of going there. The caller
 * keeps paths and uses them again, so no operation creates an object.
 *
 * <p>A separator says what belongs to its leaf: everything that is not before it, and before the
 * next leaf's. Who searches by position only passes zeros. Separators compare as {@link
 * SeparatorOrder} says; the pair of unsigned numbers is built in. In nodes above stand the
 * separators of the first leaf below; so no other copy of a separator outlives {@link
 * #setSeparator}.
 *
 * <p>Every leaf has at least one element, except the one that is about to be removed or filled.
 *
 * <p>Invariants: the count in every entry is the sum of those below it; its separator is that of
 * the first leaf below it; no node is empty; the highest node has at least two entries.
 *
 * <p>Cost: a search touches one node for each level, of up to 31 entries. A full node is halved; at
 * the very end or start of the tree it stays full and gets a neighbour, so trees that grow in order
 * are dense. A node that falls to a quarter joins a neighbour if both together fill three quarters
 * at most.
 *
 * <p>Threads: stateless; a tree is confined to the partition lock.
 */
public final class CountedTree {

    public static final int ROOT_BYTES = 48;

    private static final int TOP = 0;
    private static final int COUNT = 8;
    private static final int HIGH = 16;
    private static final int LOW = 24;
    private static final int LEAVES = 32;
    private static final int NODE_UNITS = 36;
    private static final int LEVELS = 40;

    private CountedTree() {}

    /** Makes an empty tree. */
    public static void initialise(long root) {
        Memory.fill(root, ROOT_BYTES, (byte) 0);
    }

    /** The elements of all leaves. */
    public static long count(long root) {
        return Memory.getLong(root + COUNT);
    }

    public static int leaves(long root) {
        return Memory.getInt(root + LEAVES);
    }

    /** The memory of the inner nodes; root and leaves are the user's. */
    public static long bytes(long root) {
        return (Memory.getInt(root + NODE_UNITS) & 0xffffffffL) << 3;
    }

    private static long top(long root) {
        return Memory.getLong(root + TOP);
    }

    private static void setTop(long root, long top) {
        Memory.putLong(root + TOP, top);
    }

    private static int levels(long root) {
        return Memory.getByte(root + LEVELS);
    }

    private static void setLevels(long root, int levels) {
        Memory.putByte(root + LEVELS, (byte) levels);
    }

    // Going to a leaf

    /** Goes to the first leaf; gives it, or 0 when there is none. */
    public static long first(long root, TreePath path) {
        begin(root, path);
        int levels = levels(root);
        long child = top(root);
        for (int level = levels - 1; level >= 0; level--) {
            child = step(path, level, child, 0);
        }
        path.leaf = child;
        return child;
    }

    /** Goes to the last leaf; gives it, or 0 when there is none. */
    public static long last(long root, TreePath path) {
        begin(root, path);
        int levels = levels(root);
        long child = top(root);
        for (int level = levels - 1; level >= 0; level--) {
            child = step(path, level, child, TreeNode.size(child) - 1);
        }
        path.leaf = child;
        return child;
    }

    /**
     * Goes to the leaf with the element at a position, counted from 0, and sets {@link
     * TreePath#offset}; gives the leaf, or 0 when there is no such element.
     */
    public static long at(long root, long position, TreePath path) {
        begin(root, path);
        if (position < 0 || position >= count(root)) {
            return 0;
        }
        long rest = position;
        long child = top(root);
        for (int level = levels(root) - 1; level >= 0; level--) {
            int index = 0;
            long count = TreeNode.count(child, 0);
            while (rest >= count) {
                rest -= count;
                count = TreeNode.count(child, ++index);
            }
            child = step(path, level, child, index);
        }
        path.offset = rest;
        path.leaf = child;
        return child;
    }

    /**
     * Goes to the leaf that something belongs to: the last whose separator is not after it, or the
     * first if all are. Gives the leaf, or 0 when there is none.
     */
    public static long find(long root, SeparatorOrder sought, TreePath path) {
        begin(root, path);
        long child = top(root);
        for (int level = levels(root) - 1; level >= 0; level--) {
            child = step(path, level, child, TreeNode.search(child, sought));
        }
        path.leaf = child;
        return child;
    }

    /** The same, for separators that compare as two unsigned numbers. */
    public static long find(long root, long high, long low, TreePath path) {
        return find(root, path.sought(high, low), path);
    }

    /** Goes to the next leaf; gives it, or 0 at the end. */
    public static long next(TreePath path) {
        path.offset = 0;
        path.leaf = path.leaf != 0 && move(path, 0, 1) ? childAt(path, 0) : 0;
        return path.leaf;
    }

    /** Goes to the previous leaf; gives it, or 0 at the start. */
    public static long previous(TreePath path) {
        path.offset = 0;
        path.leaf = path.leaf != 0 && move(path, 0, -1) ? childAt(path, 0) : 0;
        return path.leaf;
    }

    private static void begin(long root, TreePath path) {
        path.root = root;
        path.offset = 0;
        path.leaf = 0;
    }

    private static long step(TreePath path, int level, long node, int index) {
        path.nodes[level] = node;
        path.indexes[level] = index;
        return TreeNode.child(node, index);
    }

    private static long childAt(TreePath path, int level) {
        return TreeNode.child(path.nodes[level], path.indexes[level]);
    }

    /** Goes one entry on or back at a level, through the levels above; false at the end. */
    private static boolean move(TreePath path, int level, int by) {
        int levels = levels(path.root);
        int turn = level;
        while (turn < levels) {
            int index = path.indexes[turn] + by;
            if (index >= 0 && index < TreeNode.size(path.nodes[turn])) {
                path.indexes[turn] = index;
                break;
            }
            turn++;
        }
        if (turn >= levels) {
            return false;
        }
        while (turn > level) {
            long child = childAt(path, turn--);
            step(path, turn, child, by > 0 ? 0 : TreeNode.size(child) - 1);
        }
        return true;
    }

    // At a leaf

    /** The elements of the leaf. */
    public static long leafCount(TreePath path) {
        return levels(path.root) == 0
                ? count(path.root)
                : TreeNode.count(path.nodes[0], path.indexes[0]);
    }

    /** The first number of the leaf's separator. */
    public static long high(TreePath path) {
        return levels(path.root) == 0
                ? Memory.getLong(path.root + HIGH)
                : TreeNode.high(path.nodes[0], path.indexes[0]);
    }

    /** The second number of the leaf's separator. */
    public static long low(TreePath path) {
        return levels(path.root) == 0
                ? Memory.getLong(path.root + LOW)
                : TreeNode.low(path.nodes[0], path.indexes[0]);
    }

    /** The elements of all leaves before this one. */
    public static long rank(TreePath path) {
        long rank = 0;
        for (int level = levels(path.root) - 1; level >= 0; level--) {
            rank += TreeNode.countBefore(path.nodes[level], path.indexes[level]);
        }
        return rank;
    }

    /** Whether there is no leaf behind this one. */
    public static boolean isLast(TreePath path) {
        return isLastFrom(path, 0);
    }

    private static boolean isLastFrom(TreePath path, int from) {
        for (int level = levels(path.root) - 1; level >= from; level--) {
            if (path.indexes[level] < TreeNode.size(path.nodes[level]) - 1) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFirstFrom(TreePath path, int from) {
        for (int level = levels(path.root) - 1; level >= from; level--) {
            if (path.indexes[level] > 0) {
                return false;
            }
        }
        return true;
    }

    /** The leaf has so many elements more, or less. */
    public static void addToCount(TreePath path, long delta) {
        Memory.putLong(path.root + COUNT, count(path.root) + delta);
        addToCounts(path, 0, delta);
    }

    private static void addToCounts(TreePath path, int from, long delta) {
        for (int level = levels(path.root) - 1; level >= from; level--) {
            TreeNode.addCount(path.nodes[level], path.indexes[level], delta);
        }
    }

    /** The leaf lies elsewhere now. */
    public static void replaceLeaf(TreePath path, long leaf) {
        path.leaf = leaf;
        if (levels(path.root) == 0) {
            setTop(path.root, leaf);
        } else {
            TreeNode.setChild(path.nodes[0], path.indexes[0], leaf);
        }
    }

    /** The leaf has another separator; the order of leaves stays. */
    public static void setSeparator(TreePath path, long high, long low) {
        if (levels(path.root) == 0) {
            Memory.putLong(path.root + HIGH, high);
            Memory.putLong(path.root + LOW, low);
        } else {
            setSeparator(path, 0, high, low);
        }
    }

    /** From a level upwards, as far as the path goes through first entries. */
    private static void setSeparator(TreePath path, int from, long high, long low) {
        int levels = levels(path.root);
        for (int level = from; level < levels; level++) {
            TreeNode.setSeparator(path.nodes[level], path.indexes[level], high, low);
            if (path.indexes[level] > 0) {
                return;
            }
        }
    }

    // Adding leaves

    /**
     * Puts a leaf into an empty tree and goes there. Its separator is zero until it is set.
     *
     * @param count its elements
     */
    public static void insertOnly(long root, TreePath path, long leaf, long count) {
        if (top(root) != 0) {
            throw new IllegalStateException("not empty");
        }
        begin(root, path);
        path.leaf = leaf;
        setTop(root, leaf);
        Memory.putLong(root + HIGH, 0);
        Memory.putLong(root + LOW, 0);
        Memory.putLong(root + COUNT, count);
        Memory.putInt(root + LEAVES, 1);
    }

    /**
     * Puts a leaf behind that of the path and goes there. Its separator is that of its neighbour
     * until it is set.
     */
    public static void insertAfter(Allocator allocator, TreePath path, long leaf, long count) {
        insert(allocator, path, 1, leaf, count);
    }

    /**
     * Puts a leaf before that of the path and goes there. Its separator is that of its neighbour
     * until it is set.
     */
    public static void insertBefore(Allocator allocator, TreePath path, long leaf, long count) {
        insert(allocator, path, 0, leaf, count);
    }

    private static void insert(
            Allocator allocator, TreePath path, int behind, long leaf, long count) {
        long root = path.root;
        long high = high(path);
        long low = low(path);
        if (levels(root) == 0) {
            addLevel(allocator, path);
        }
        insertEntry(allocator, path, 0, path.indexes[0] + behind, leaf);
        setSeparator(path, 0, high, low);
        addToCount(path, count);
        path.leaf = leaf;
        path.offset = 0;
        Memory.putInt(root + LEAVES, leaves(root) + 1);
    }

    /** Puts a node with one entry above what is highest. */
    private static void addLevel(Allocator allocator, TreePath path) {
        long root = path.root;
        int level = levels(root);
        long old = top(root);
        long node = createNode(allocator, root, 2);
        TreeNode.open(node, 0);
        TreeNode.setChild(node, 0, old);
        TreeNode.setCount(node, 0, count(root));
        if (level == 0) {
            TreeNode.setSeparator(node, 0, Memory.getLong(root + HIGH), Memory.getLong(root + LOW));
        } else {
            TreeNode.setSeparator(node, 0, TreeNode.high(old, 0), TreeNode.low(old, 0));
        }
        setTop(root, node);
        setLevels(root, level + 1);
        path.nodes[level] = node;
        path.indexes[level] = 0;
    }

    /**
     * Adds an entry without elements to the node of a level and turns the path to it. Its separator
     * is arbitrary.
     */
    private static void insertEntry(
            Allocator allocator, TreePath path, int level, int index, long child) {
        path.indexes[level] = index;
        long node = path.nodes[level];
        if (TreeNode.size(node) == TreeNode.MOST) {
            split(allocator, path, level);
        } else if (TreeNode.size(node) == TreeNode.room(node)) {
            enlarge(allocator, path, level, TreeNode.size(node) + 1);
        }
        long target = path.nodes[level];
        int at = path.indexes[level];
        TreeNode.open(target, at);
        TreeNode.setChild(target, at, child);
        TreeNode.setCount(target, at, 0);
    }

    /**
     * Divides a full node, so that there is room where the path goes through it; the index may be
     * that behind the last entry.
     */
    private static void split(Allocator allocator, TreePath path, int level) {
        if (level + 1 == levels(path.root)) {
            addLevel(allocator, path);
        }
        int index = path.indexes[level];
        int above = path.indexes[level + 1];
        if (index == 0 && isFirstFrom(path, level + 1)) {
            long left = createNode(allocator, path.root, 1);
            insertEntry(allocator, path, level + 1, above, left);
            path.nodes[level] = left;
            return;
        }
        int keep =
                index < TreeNode.MOST || !isLastFrom(path, level + 1)
                        ? TreeNode.MOST / 2 + 1
                        : TreeNode.MOST;
        long right = createNode(allocator, path.root, TreeNode.MOST - keep + 1);
        insertEntry(allocator, path, level + 1, above + 1, right);
        if (keep < TreeNode.MOST) {
            moveTail(path, level, keep, right);
        }
        if (index > keep || keep == TreeNode.MOST) {
            path.nodes[level] = right;
            path.indexes[level] = index - keep;
        } else {
            move(path, level + 1, -1);
        }
    }

    /** Moves entries to an empty node, to which the path leads above the level. */
    private static void moveTail(TreePath path, int level, int keep, long right) {
        long node = path.nodes[level];
        TreeNode.moveTail(node, keep, right);
        setSeparator(path, level + 1, TreeNode.high(right, 0), TreeNode.low(right, 0));
        long moved = TreeNode.countBefore(right, TreeNode.size(right));
        addToCounts(path, level + 1, moved);
        move(path, level + 1, -1);
        addToCounts(path, level + 1, -moved);
        move(path, level + 1, 1);
    }

    private static void enlarge(Allocator allocator, TreePath path, int level, int entries) {
        long node = path.nodes[level];
        long larger = createNode(allocator, path.root, entries);
        TreeNode.moveTail(node, 0, larger);
        freeNode(allocator, path.root, node);
        path.nodes[level] = larger;
        if (level + 1 == levels(path.root)) {
            setTop(path.root, larger);
        } else {
            TreeNode.setChild(path.nodes[level + 1], path.indexes[level + 1], larger);
        }
    }

    // Removing leaves

    /**
     * Takes the leaf out of the tree; its memory is the caller's. Goes to the leaf behind it; gives
     * that, or 0 when there is none.
     */
    public static long remove(Allocator allocator, TreePath path) {
        long root = path.root;
        long rank = rank(path);
        addToCount(path, -leafCount(path));
        Memory.putInt(root + LEAVES, leaves(root) - 1);
        if (levels(root) == 0) {
            setTop(root, 0);
        } else {
            removeEntry(allocator, path, 0);
        }
        return at(root, rank, path);
    }

    /** Takes the entry without elements out of the node of a level. */
    private static void removeEntry(Allocator allocator, TreePath path, int level) {
        long root = path.root;
        long node = path.nodes[level];
        int index = path.indexes[level];
        TreeNode.remove(node, index);
        int size = TreeNode.size(node);
        if (size == 0) {
            freeNode(allocator, root, node);
            removeEntry(allocator, path, level + 1);
            return;
        }
        if (index == 0) {
            setSeparator(path, level + 1, TreeNode.high(node, 0), TreeNode.low(node, 0));
        }
        if (level + 1 == levels(root)) {
            lower(allocator, root);
        } else if (size <= TreeNode.MOST / 4) {
            join(allocator, path, level);
        }
    }

    /** Takes away the highest nodes that have only one entry. */
    private static void lower(Allocator allocator, long root) {
        int levels = levels(root);
        long top = top(root);
        while (levels > 0 && TreeNode.size(top) == 1) {
            long child = TreeNode.child(top, 0);
            Memory.putLong(root + HIGH, TreeNode.high(top, 0));
            Memory.putLong(root + LOW, TreeNode.low(top, 0));
            freeNode(allocator, root, top);
            top = child;
            levels--;
        }
        setTop(root, top);
        setLevels(root, levels);
    }

    /** Joins a node with a neighbour under the same node, if they are small enough. */
    private static void join(Allocator allocator, TreePath path, int level) {
        long above = path.nodes[level + 1];
        int index = path.indexes[level + 1];
        if (index + 1 < TreeNode.size(above) && fit(above, index)) {
            joinAt(allocator, path, level, index);
        } else if (index > 0 && fit(above, index - 1)) {
            joinAt(allocator, path, level, index - 1);
        }
    }

    private static boolean fit(long above, int index) {
        int both =
                TreeNode.size(TreeNode.child(above, index))
                        + TreeNode.size(TreeNode.child(above, index + 1));
        return both <= TreeNode.MOST * 3 / 4;
    }

    private static void joinAt(Allocator allocator, TreePath path, int level, int index) {
        long above = path.nodes[level + 1];
        long right = TreeNode.child(above, index + 1);
        path.indexes[level + 1] = index;
        path.nodes[level] = TreeNode.child(above, index);
        int both = TreeNode.size(path.nodes[level]) + TreeNode.size(right);
        if (both > TreeNode.room(path.nodes[level])) {
            enlarge(allocator, path, level, both);
        }
        TreeNode.moveTail(right, 0, path.nodes[level]);
        freeNode(allocator, path.root, right);
        TreeNode.addCount(above, index, TreeNode.count(above, index + 1));
        path.indexes[level + 1] = index + 1;
        removeEntry(allocator, path, level + 1);
    }

    /**
     * Takes leaves out, the last first, until they had so many elements together, and gives each to
     * the consumer. Gives what is left of the limit: more than 0 exactly when the tree is empty.
     */
    public static long drain(Allocator allocator, long root, long limit, LeafConsumer consumer) {
        TreePath path = new TreePath();
        long left = limit;
        while (left > 0 && last(root, path) != 0) {
            long leaf = path.leaf;
            long count = leafCount(path);
            remove(allocator, path);
            consumer.accept(leaf, count);
            left -= Math.max(1, count);
        }
        return top(root) == 0 ? Math.max(1, left) : 0;
    }

    /**
     * Moves the nodes on the way to the leaf with the element at a position out of sparse memory,
     * see {@link Allocator#evacuate}, and lets the mover do the same with the leaf; gives the
     * position of the first element behind it, 0 at the end.
     */
    public static long evacuate(
            Allocator allocator, long root, long position, TreePath path, LeafMover mover) {
        long leaf = at(root, position, path);
        if (leaf == 0) {
            return 0;
        }
        int levels = levels(root);
        for (int level = levels - 1; level >= 0; level--) {
            long node = path.nodes[level];
            long moved = TreeNode.evacuate(allocator, node);
            if (moved != node) {
                path.nodes[level] = moved;
                if (level == levels - 1) {
                    setTop(root, moved);
                } else {
                    TreeNode.setChild(path.nodes[level + 1], path.indexes[level + 1], moved);
                }
            }
        }
        long moved = mover.move(leaf);
        if (moved != leaf) {
            replaceLeaf(path, moved);
        }
        long next = position - path.offset + leafCount(path);
        return next < count(root) ? next : 0;
    }

    private static long createNode(Allocator allocator, long root, int entries) {
        long node = TreeNode.create(allocator, entries);
        addToBytes(root, TreeNode.bytes(node));
        return node;
    }

    private static void freeNode(Allocator allocator, long root, long node) {
        addToBytes(root, -TreeNode.bytes(node));
        TreeNode.free(allocator, node);
    }

    private static void addToBytes(long root, long delta) {
        Memory.putInt(root + NODE_UNITS, Memory.getInt(root + NODE_UNITS) + (int) (delta >> 3));
    }

    // Checks

    /** Checks everything that must hold between calls. */
    public static void checkInvariants(long root) {
        int levels = levels(root);
        long top = top(root);
        if (levels == 0) {
            check(leaves(root) == (top == 0 ? 0 : 1), "one leaf without nodes");
            check(top != 0 || count(root) == 0, "an empty tree has no elements");
            check(bytes(root) == 0, "no memory without nodes");
            return;
        }
        check(TreeNode.size(top) > 1, "the highest node has two entries");
        check(countIn(root, top, levels - 1) == count(root), "the count is the sum");
        check(bytesIn(top, levels - 1) == bytes(root), "the memory is the sum");
        check(leavesIn(top, levels - 1) == leaves(root), "the leaves are those of all nodes");
    }

    private static long countIn(long root, long node, int level) {
        int size = TreeNode.size(node);
        check(size > 0 && size <= TreeNode.room(node), "no node is empty or too full");
        if (level > 0) {
            for (int i = 0; i < size; i++) {
                long child = TreeNode.child(node, i);
                check(
                        countIn(root, child, level - 1) == TreeNode.count(node, i),
                        "the count in an entry is the sum of those below");
                check(
                        TreeNode.high(node, i) == TreeNode.high(child, 0)
                                && TreeNode.low(node, i) == TreeNode.low(child, 0),
                        "the separator in an entry is that of the first leaf below");
            }
        }
        return TreeNode.countBefore(node, size);
    }

    private static long bytesIn(long node, int level) {
        long sum = TreeNode.bytes(node);
        for (int i = 0; level > 0 && i < TreeNode.size(node); i++) {
            sum += bytesIn(TreeNode.child(node, i), level - 1);
        }
        return sum;
    }

    private static long leavesIn(long node, int level) {
        if (level == 0) {
            return TreeNode.size(node);
        }
        long sum = 0;
        for (int i = 0; i < TreeNode.size(node); i++) {
            sum += leavesIn(TreeNode.child(node, i), level - 1);
        }
        return sum;
    }

    private static void check(boolean holds, String invariant) {
        if (!holds) {
            throw new IllegalStateException("violated: " + invariant);
        }
    }
}
