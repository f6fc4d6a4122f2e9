package io.keydb.server.structure;

/**
 * Steps along a {@link TreePath}, and what is kept along it: counts, and the separators of first
 * entries.
 *
 * <p>Threads: stateless; a tree is confined to the partition lock.
 */
final class TreeSteps {
    private TreeSteps() {}

    /** Goes one entry on or back at a level, through the levels above; false at the end. */
    static boolean move(TreePath path, int level, int by) {
        int levels = TreeRoot.levels(path.root);
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

    static long childAt(TreePath path, int level) {
        return TreeNode.child(path.nodes[level], path.indexes[level]);
    }

    static long step(TreePath path, int level, long node, int index) {
        path.nodes[level] = node;
        path.indexes[level] = index;
        return TreeNode.child(node, index);
    }

    static boolean isLastFrom(TreePath path, int from) {
        for (int level = TreeRoot.levels(path.root) - 1; level >= from; level--) {
            if (path.indexes[level] < TreeNode.size(path.nodes[level]) - 1) {
                return false;
            }
        }
        return true;
    }

    static boolean isFirstFrom(TreePath path, int from) {
        for (int level = TreeRoot.levels(path.root) - 1; level >= from; level--) {
            if (path.indexes[level] > 0) {
                return false;
            }
        }
        return true;
    }

    static void addToCounts(TreePath path, int from, long delta) {
        for (int level = TreeRoot.levels(path.root) - 1; level >= from; level--) {
            TreeNode.addCount(path.nodes[level], path.indexes[level], delta);
        }
    }

    /** From a level upwards, as far as the path goes through first entries. */
    static void setSeparator(TreePath path, int from, long high, long low) {
        int levels = TreeRoot.levels(path.root);
        for (int level = from; level < levels; level++) {
            TreeNode.setSeparator(path.nodes[level], path.indexes[level], high, low);
            if (path.indexes[level] > 0) {
                return;
            }
        }
    }
}
