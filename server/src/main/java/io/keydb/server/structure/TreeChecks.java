package io.keydb.server.structure;

/**
 * What must hold of a {@link CountedTree} between calls.
 *
 * <p>Threads: stateless; a tree is confined to the partition lock.
 */
final class TreeChecks {
    private TreeChecks() {}

    /** Checks everything that must hold between calls. */
    static void check(long root) {
        int levels = TreeRoot.levels(root);
        long top = TreeRoot.top(root);
        if (levels == 0) {
            check(TreeRoot.leaves(root) == (top == 0 ? 0 : 1), "one leaf without nodes");
            check(top != 0 || TreeRoot.count(root) == 0, "an empty tree has no elements");
            check(TreeRoot.nodeBytes(root) == 0, "no memory without nodes");
            return;
        }
        check(TreeNode.size(top) > 1, "the highest node has two entries");
        check(countIn(root, top, levels - 1) == TreeRoot.count(root), "the count is the sum");
        check(bytesIn(top, levels - 1) == TreeRoot.nodeBytes(root), "the memory is the sum");
        check(
                leavesIn(top, levels - 1) == TreeRoot.leaves(root),
                "the leaves are those of all nodes");
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
