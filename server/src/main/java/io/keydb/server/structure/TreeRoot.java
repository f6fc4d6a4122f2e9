package io.keydb.server.structure;

import io.keydb.server.memory.Memory;

/**
 * The byte layout of the root of a {@link CountedTree}.
 *
 * <pre>
 *   0    the only leaf, or the highest {@link TreeNode}; 0 when empty (8)
 *   8    elements in all (8)
 *   16   separator of the only leaf, high (8)
 *   24   the same, low (8)
 *   32   leaves (4)
 *   36   memory of the nodes, in units of 8 bytes (4)
 *   40   levels of nodes: 0 with at most one leaf (8)
 * </pre>
 *
 * <p>Threads: stateless; a root is confined to the partition lock.
 */
final class TreeRoot {
    static final int BYTES = 48;

    private static final int TOP = 0;
    private static final int COUNT = 8;
    private static final int HIGH = 16;
    private static final int LOW = 24;
    private static final int LEAVES = 32;
    private static final int NODE_UNITS = 36;
    private static final int LEVELS = 40;

    private TreeRoot() {}

    static void initialise(long root) {
        Memory.fill(root, BYTES, (byte) 0);
    }

    static long count(long root) {
        return Memory.getLong(root + COUNT);
    }

    static void setCount(long root, long count) {
        Memory.putLong(root + COUNT, count);
    }

    static int leaves(long root) {
        return Memory.getInt(root + LEAVES);
    }

    static void setLeaves(long root, int leaves) {
        Memory.putInt(root + LEAVES, leaves);
    }

    static long nodeBytes(long root) {
        return (Memory.getInt(root + NODE_UNITS) & 0xffffffffL) << 3;
    }

    static long high(long root) {
        return Memory.getLong(root + HIGH);
    }

    static long low(long root) {
        return Memory.getLong(root + LOW);
    }

    static void setSeparator(long root, long high, long low) {
        Memory.putLong(root + HIGH, high);
        Memory.putLong(root + LOW, low);
    }

    static long top(long root) {
        return Memory.getLong(root + TOP);
    }

    static void setTop(long root, long top) {
        Memory.putLong(root + TOP, top);
    }

    static int levels(long root) {
        return Memory.getByte(root + LEVELS);
    }

    static void setLevels(long root, int levels) {
        Memory.putByte(root + LEVELS, (byte) levels);
    }

    static void addToBytes(long root, long delta) {
        Memory.putInt(root + NODE_UNITS, Memory.getInt(root + NODE_UNITS) + (int) (delta >> 3));
    }
}
