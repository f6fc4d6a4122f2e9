package io.keydb.server.structure;

import io.keydb.server.memory.Allocator;

/**
 * A B+tree with counts: leaves in an order, found by the position of their elements or by a
 * separator. What a leaf is, its user defines; the tree knows its address, the number of its
 * elements, and its separator, two longs. Static, on a root outside the Java heap.
 *
 * <pre>
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

    /** The bytes of a root. */
    public static final int ROOT_BYTES = TreeRoot.BYTES;

    private CountedTree() {}

    /** Makes an empty tree. */
    public static void initialise(long root) {
        TreeRoot.initialise(root);
    }

    /** The elements of all leaves. */
    public static long count(long root) {
        return TreeRoot.count(root);
    }

    public static int leaves(long root) {
        return TreeRoot.leaves(root);
    }

    /** The memory of the inner nodes; root and leaves are the user's. */
    public static long bytes(long root) {
        return TreeRoot.nodeBytes(root);
    }

    // Going to a leaf

    /** Goes to the first leaf; gives it, or 0 when there is none. */
    public static long first(long root, TreePath path) {
        begin(root, path);
        int levels = TreeRoot.levels(root);
        long child = TreeRoot.top(root);
        for (int level = levels - 1; level >= 0; level--) {
            child = TreeSteps.step(path, level, child, 0);
        }
        path.leaf = child;
        return child;
    }

    /** Goes to the last leaf; gives it, or 0 when there is none. */
    public static long last(long root, TreePath path) {
        begin(root, path);
        int levels = TreeRoot.levels(root);
        long child = TreeRoot.top(root);
        for (int level = levels - 1; level >= 0; level--) {
            child = TreeSteps.step(path, level, child, TreeNode.size(child) - 1);
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
        long child = TreeRoot.top(root);
        for (int level = TreeRoot.levels(root) - 1; level >= 0; level--) {
            int index = 0;
            long count = TreeNode.count(child, 0);
            while (rest >= count) {
                rest -= count;
                count = TreeNode.count(child, ++index);
            }
            child = TreeSteps.step(path, level, child, index);
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
        long child = TreeRoot.top(root);
        for (int level = TreeRoot.levels(root) - 1; level >= 0; level--) {
            child = TreeSteps.step(path, level, child, TreeNode.search(child, sought));
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
        path.leaf = path.leaf != 0 && TreeSteps.move(path, 0, 1) ? TreeSteps.childAt(path, 0) : 0;
        return path.leaf;
    }

    /** Goes to the previous leaf; gives it, or 0 at the start. */
    public static long previous(TreePath path) {
        path.offset = 0;
        path.leaf = path.leaf != 0 && TreeSteps.move(path, 0, -1) ? TreeSteps.childAt(path, 0) : 0;
        return path.leaf;
    }

    private static void begin(long root, TreePath path) {
        path.root = root;
        path.offset = 0;
        path.leaf = 0;
    }

    // At a leaf

    /** The elements of the leaf. */
    public static long leafCount(TreePath path) {
        return TreeRoot.levels(path.root) == 0
                ? count(path.root)
                : TreeNode.count(path.nodes[0], path.indexes[0]);
    }

    /** The first number of the leaf's separator. */
    public static long high(TreePath path) {
        return TreeRoot.levels(path.root) == 0
                ? TreeRoot.high(path.root)
                : TreeNode.high(path.nodes[0], path.indexes[0]);
    }

    /** The second number of the leaf's separator. */
    public static long low(TreePath path) {
        return TreeRoot.levels(path.root) == 0
                ? TreeRoot.low(path.root)
                : TreeNode.low(path.nodes[0], path.indexes[0]);
    }

    /** The elements of all leaves before this one. */
    public static long rank(TreePath path) {
        long rank = 0;
        for (int level = TreeRoot.levels(path.root) - 1; level >= 0; level--) {
            rank += TreeNode.countBefore(path.nodes[level], path.indexes[level]);
        }
        return rank;
    }

    /** Whether there is no leaf behind this one. */
    public static boolean isLast(TreePath path) {
        return TreeSteps.isLastFrom(path, 0);
    }

    /** The leaf has so many elements more, or less. */
    public static void addToCount(TreePath path, long delta) {
        TreeRoot.setCount(path.root, count(path.root) + delta);
        TreeSteps.addToCounts(path, 0, delta);
    }

    /** The leaf lies elsewhere now. */
    public static void replaceLeaf(TreePath path, long leaf) {
        path.leaf = leaf;
        if (TreeRoot.levels(path.root) == 0) {
            TreeRoot.setTop(path.root, leaf);
        } else {
            TreeNode.setChild(path.nodes[0], path.indexes[0], leaf);
        }
    }

    /** The leaf has another separator; the order of leaves stays. */
    public static void setSeparator(TreePath path, long high, long low) {
        if (TreeRoot.levels(path.root) == 0) {
            TreeRoot.setSeparator(path.root, high, low);
        } else {
            TreeSteps.setSeparator(path, 0, high, low);
        }
    }

    // Adding leaves

    /**
     * Puts a leaf into an empty tree and goes there. Its separator is zero until it is set.
     *
     * @param count its elements
     */
    public static void insertOnly(long root, TreePath path, long leaf, long count) {
        if (TreeRoot.top(root) != 0) {
            throw new IllegalStateException("not empty");
        }
        begin(root, path);
        path.leaf = leaf;
        TreeRoot.setTop(root, leaf);
        TreeRoot.setSeparator(root, 0, 0);
        TreeRoot.setCount(root, count);
        TreeRoot.setLeaves(root, 1);
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
        if (TreeRoot.levels(root) == 0) {
            TreeGrowth.addLevel(allocator, path);
        }
        TreeGrowth.insertEntry(allocator, path, 0, path.indexes[0] + behind, leaf);
        TreeSteps.setSeparator(path, 0, high, low);
        addToCount(path, count);
        path.leaf = leaf;
        path.offset = 0;
        TreeRoot.setLeaves(root, leaves(root) + 1);
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
        TreeRoot.setLeaves(root, leaves(root) - 1);
        if (TreeRoot.levels(root) == 0) {
            TreeRoot.setTop(root, 0);
        } else {
            TreeGrowth.removeEntry(allocator, path, 0);
        }
        return at(root, rank, path);
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
        return TreeRoot.top(root) == 0 ? Math.max(1, left) : 0;
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
        int levels = TreeRoot.levels(root);
        for (int level = levels - 1; level >= 0; level--) {
            long node = path.nodes[level];
            long moved = TreeNode.evacuate(allocator, node);
            if (moved != node) {
                path.nodes[level] = moved;
                if (level == levels - 1) {
                    TreeRoot.setTop(root, moved);
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

    /** Checks everything that must hold between calls. */
    public static void checkInvariants(long root) {
        TreeChecks.check(root);
    }
}
