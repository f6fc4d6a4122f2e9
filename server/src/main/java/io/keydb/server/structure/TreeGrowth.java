package io.keydb.server.structure;

import io.keydb.server.memory.Allocator;

/**
 * How the nodes of a {@link CountedTree} come and go: entries are inserted and removed at the node
 * of a level, nodes are enlarged, divided and joined. The path leads to the entry before and
 * afterwards.
 *
 * <p>Threads: stateless; a tree is confined to the partition lock.
 */
final class TreeGrowth {
    private TreeGrowth() {}

    /** Puts a node with one entry above what is highest. */
    static void addLevel(Allocator allocator, TreePath path) {
        long root = path.root;
        int level = TreeRoot.levels(root);
        long old = TreeRoot.top(root);
        long node = createNode(allocator, root, 2);
        TreeNode.open(node, 0);
        TreeNode.setChild(node, 0, old);
        TreeNode.setCount(node, 0, TreeRoot.count(root));
        if (level == 0) {
            TreeNode.setSeparator(node, 0, TreeRoot.high(root), TreeRoot.low(root));
        } else {
            TreeNode.setSeparator(node, 0, TreeNode.high(old, 0), TreeNode.low(old, 0));
        }
        TreeRoot.setTop(root, node);
        TreeRoot.setLevels(root, level + 1);
        path.nodes[level] = node;
        path.indexes[level] = 0;
    }

    /**
     * Adds an entry without elements to the node of a level and turns the path to it. Its separator
     * is arbitrary.
     */
    static void insertEntry(Allocator allocator, TreePath path, int level, int index, long child) {
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
    static void split(Allocator allocator, TreePath path, int level) {
        if (level + 1 == TreeRoot.levels(path.root)) {
            addLevel(allocator, path);
        }
        int index = path.indexes[level];
        int above = path.indexes[level + 1];
        if (index == 0 && TreeSteps.isFirstFrom(path, level + 1)) {
            long left = createNode(allocator, path.root, 1);
            insertEntry(allocator, path, level + 1, above, left);
            path.nodes[level] = left;
            return;
        }
        int keep =
                index < TreeNode.MOST || !TreeSteps.isLastFrom(path, level + 1)
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
            TreeSteps.move(path, level + 1, -1);
        }
    }

    /** Moves entries to an empty node, to which the path leads above the level. */
    static void moveTail(TreePath path, int level, int keep, long right) {
        long node = path.nodes[level];
        TreeNode.moveTail(node, keep, right);
        TreeSteps.setSeparator(path, level + 1, TreeNode.high(right, 0), TreeNode.low(right, 0));
        long moved = TreeNode.countBefore(right, TreeNode.size(right));
        TreeSteps.addToCounts(path, level + 1, moved);
        TreeSteps.move(path, level + 1, -1);
        TreeSteps.addToCounts(path, level + 1, -moved);
        TreeSteps.move(path, level + 1, 1);
    }

    static void enlarge(Allocator allocator, TreePath path, int level, int entries) {
        long node = path.nodes[level];
        long larger = createNode(allocator, path.root, entries);
        TreeNode.moveTail(node, 0, larger);
        freeNode(allocator, path.root, node);
        path.nodes[level] = larger;
        if (level + 1 == TreeRoot.levels(path.root)) {
            TreeRoot.setTop(path.root, larger);
        } else {
            TreeNode.setChild(path.nodes[level + 1], path.indexes[level + 1], larger);
        }
    }

    /** Takes the entry without elements out of the node of a level. */
    static void removeEntry(Allocator allocator, TreePath path, int level) {
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
            TreeSteps.setSeparator(path, level + 1, TreeNode.high(node, 0), TreeNode.low(node, 0));
        }
        if (level + 1 == TreeRoot.levels(root)) {
            lower(allocator, root);
        } else if (size <= TreeNode.MOST / 4) {
            join(allocator, path, level);
        }
    }

    /** Takes away the highest nodes that have only one entry. */
    static void lower(Allocator allocator, long root) {
        int levels = TreeRoot.levels(root);
        long top = TreeRoot.top(root);
        while (levels > 0 && TreeNode.size(top) == 1) {
            long child = TreeNode.child(top, 0);
            TreeRoot.setSeparator(root, TreeNode.high(top, 0), TreeNode.low(top, 0));
            freeNode(allocator, root, top);
            top = child;
            levels--;
        }
        TreeRoot.setTop(root, top);
        TreeRoot.setLevels(root, levels);
    }

    /** Joins a node with a neighbour under the same node, if they are small enough. */
    static void join(Allocator allocator, TreePath path, int level) {
        long above = path.nodes[level + 1];
        int index = path.indexes[level + 1];
        if (index + 1 < TreeNode.size(above) && fit(above, index)) {
            joinAt(allocator, path, level, index);
        } else if (index > 0 && fit(above, index - 1)) {
            joinAt(allocator, path, level, index - 1);
        }
    }

    static boolean fit(long above, int index) {
        int both =
                TreeNode.size(TreeNode.child(above, index))
                        + TreeNode.size(TreeNode.child(above, index + 1));
        return both <= TreeNode.MOST * 3 / 4;
    }

    static void joinAt(Allocator allocator, TreePath path, int level, int index) {
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

    static long createNode(Allocator allocator, long root, int entries) {
        long node = TreeNode.create(allocator, entries);
        TreeRoot.addToBytes(root, TreeNode.bytes(node));
        return node;
    }

    static void freeNode(Allocator allocator, long root, long node) {
        TreeRoot.addToBytes(root, -TreeNode.bytes(node));
        TreeNode.free(allocator, node);
    }
}
