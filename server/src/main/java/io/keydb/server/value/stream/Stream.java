package io.keydb.server.value.stream;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.CountedTree;
import io.keydb.server.structure.LeafConsumer;
import io.keydb.server.structure.TreePath;
import io.keydb.server.value.EncodingLimits;

/**
 * A stream: its entries, its groups, and what it remembers of entries that are gone. Static, on a
 * root outside the Java heap.
 *
 * <pre>
 *   root
 *   0    entries (8)
 *   8    id given last (8 + 8)
 *   24   id of the first entry, 0-0 when there is none (8 + 8)
 *   40   greatest id deleted by XDEL (8 + 8)
 *   56   entries ever added (8)
 *   64   the last node, to which entries are added; 0 when there is none (8)
 *   72   id of the last node (8 + 8)
 *   88   memory of all nodes (8)
 *   96   groups by name, see {@link NameIndex} (8)
 *   104  tree of nodes by their id, see {@link CountedTree}; each node counts as one element
 * </pre>
 *
 * <p>To save a stream: the numbers above, {@link #firstNode} and {@link #nextNode} with {@link
 * StreamListpack#write} for the entries, and {@link ConsumerGroup} for the groups. To load one:
 * {@link #create}, {@link StreamListpack#add} for each listpack in order, {@link #loaded} and the
 * setters, {@link ConsumerGroup#create} for groups; on broken input {@link #free} takes back what
 * there is. To look at entries one by one: {@link StreamCursor}; to delete some: {@link
 * StreamRemoval}.
 *
 * <p>Threads: stateless; a stream is confined to the partition lock.
 */
public final class Stream {
    /** Up to so many entries are looked through in no time. */
    public static final int FEW = 1000;

    static final int GROUPS = 96;

    private static final int LENGTH = 0;
    private static final int LAST_MILLIS = 8;
    private static final int LAST_SEQUENCE = 16;
    private static final int FIRST_MILLIS = 24;
    private static final int FIRST_SEQUENCE = 32;
    private static final int DELETED_MILLIS = 40;
    private static final int DELETED_SEQUENCE = 48;
    private static final int ADDED = 56;
    private static final int TAIL = 64;
    private static final int TAIL_MILLIS = 72;
    private static final int TAIL_SEQUENCE = 80;
    private static final int NODE_BYTES = 88;
    private static final int TREE = 104;
    private static final int ROOT_BYTES = TREE + CountedTree.ROOT_BYTES;

    /** As many bytes as a listpack of a stock server has at most. */
    private static final long LARGEST_NODE = 1 << 30;

    private Stream() {}

    /** Makes an empty stream. */
    public static long create(Allocator allocator) {
        long root = allocator.allocate(ROOT_BYTES);
        Memory.fill(root, TREE, (byte) 0);
        CountedTree.initialise(root + TREE);
        return root;
    }

    /** Number of entries. */
    public static long length(long root) {
        return Memory.getLong(root + LENGTH);
    }

    /** Number of entries ever added. */
    public static long added(long root) {
        return Memory.getLong(root + ADDED);
    }

    public static void setAdded(long root, long entries) {
        Memory.putLong(root + ADDED, entries);
    }

    static void setLength(long root, long entries) {
        Memory.putLong(root + LENGTH, entries);
    }

    /** The id given last. */
    public static StreamId lastId(long root, StreamId out) {
        return out.set(Memory.getLong(root + LAST_MILLIS), Memory.getLong(root + LAST_SEQUENCE));
    }

    public static void setLastId(long root, StreamId id) {
        Memory.putLong(root + LAST_MILLIS, id.millis());
        Memory.putLong(root + LAST_SEQUENCE, id.sequence());
    }

    /** The id of the first entry, 0-0 when there is none. */
    public static StreamId firstId(long root, StreamId out) {
        return out.set(Memory.getLong(root + FIRST_MILLIS), Memory.getLong(root + FIRST_SEQUENCE));
    }

    public static void setFirstId(long root, StreamId id) {
        Memory.putLong(root + FIRST_MILLIS, id.millis());
        Memory.putLong(root + FIRST_SEQUENCE, id.sequence());
    }

    /** The greatest id deleted by XDEL, 0-0 when there was none. */
    public static StreamId greatestDeletedId(long root, StreamId out) {
        return out.set(
                Memory.getLong(root + DELETED_MILLIS), Memory.getLong(root + DELETED_SEQUENCE));
    }

    public static void setGreatestDeletedId(long root, StreamId id) {
        Memory.putLong(root + DELETED_MILLIS, id.millis());
        Memory.putLong(root + DELETED_SEQUENCE, id.sequence());
    }

    /** Number of nodes. */
    public static long nodes(long root) {
        return CountedTree.leaves(root + TREE);
    }

    /** Goes to the first node; gives it, or 0 when there is none. */
    public static long firstNode(long root, TreePath path) {
        return CountedTree.first(root + TREE, path);
    }

    /** Goes to the next node; gives it, or 0 at the end. */
    public static long nextNode(TreePath path) {
        return CountedTree.next(path);
    }

    /** The id of the node the path is at, from which those of its entries count. */
    public static StreamId nodeId(TreePath path, StreamId out) {
        return out.set(CountedTree.high(path), CountedTree.low(path));
    }

    static long tree(long root) {
        return root + TREE;
    }

    static long tail(long root) {
        return Memory.getLong(root + TAIL);
    }

    /**
     * Adds an entry behind all others.
     *
     * @param id greater than {@link #lastId}
     */
    public static void append(
            Allocator allocator,
            EncodingLimits limits,
            long root,
            StreamId id,
            StreamFields fields) {
        long node = Memory.getLong(root + TAIL);
        long expected = 0;
        if (node != 0 && isFull(node, limits, fields)) {
            expected = StreamNode.bytes(node);
            resizeTail(allocator, root, expected);
            node = 0;
        }
        if (node == 0) {
            long bytes = Math.max(expected, StreamNode.mostBytes(fields, true));
            int capacity = (int) Allocator.cellSize(bytes);
            node = allocator.allocate(capacity);
            StreamNode.initialise(node, capacity, fields);
            addNode(allocator, root, node, id);
        } else {
            long needed = StreamNode.bytes(node) + StreamNode.mostBytes(fields, false);
            if (needed > StreamNode.capacity(node)) {
                node = resizeTail(allocator, root, Math.max(needed, needed + needed / 4));
            }
        }
        StreamNode.append(
                node,
                Memory.getLong(root + TAIL_MILLIS),
                Memory.getLong(root + TAIL_SEQUENCE),
                id,
                fields);
        long length = length(root) + 1;
        Memory.putLong(root + LENGTH, length);
        setAdded(root, added(root) + 1);
        setLastId(root, id);
        if (length == 1) {
            setFirstId(root, id);
        }
    }

    private static boolean isFull(long node, EncodingLimits limits, StreamFields fields) {
        long mostBytes = limits.streamNodeMaxBytes();
        if (mostBytes <= 0 || mostBytes > LARGEST_NODE) {
            mostBytes = LARGEST_NODE;
        }
        if (StreamNode.listpackBytes(node) + textBytes(fields) >= mostBytes) {
            return true;
        }
        long mostEntries = limits.streamNodeMaxEntries();
        return mostEntries != 0
                && StreamNode.live(node) + StreamNode.tombstones(node) >= mostEntries;
    }

    /** Whether an entry is too large for any stream. */
    public static boolean isTooLarge(StreamFields fields) {
        return textBytes(fields) > LARGEST_NODE;
    }

    private static long textBytes(StreamFields fields) {
        long sum = 0;
        int count = fields.pairs() * 2;
        for (int i = 0; i < count; i++) {
            sum += fields.length(i);
        }
        return sum;
    }

    /** Takes over a node behind all others. */
    static void addNode(Allocator allocator, long root, long node, StreamId id) {
        TreePath path = new TreePath();
        if (CountedTree.last(root + TREE, path) == 0) {
            CountedTree.insertOnly(root + TREE, path, node, 1);
        } else {
            CountedTree.insertAfter(allocator, path, node, 1);
        }
        CountedTree.setSeparator(path, id.millis(), id.sequence());
        Memory.putLong(root + TAIL, node);
        Memory.putLong(root + TAIL_MILLIS, id.millis());
        Memory.putLong(root + TAIL_SEQUENCE, id.sequence());
        addNodeBytes(root, Allocator.cellSize(StreamNode.capacity(node)));
    }

    private static void addNodeBytes(long root, long delta) {
        Memory.putLong(root + NODE_BYTES, Memory.getLong(root + NODE_BYTES) + delta);
    }

    /** Gives the last node more or less memory; gives where it is now. */
    private static long resizeTail(Allocator allocator, long root, long bytes) {
        long node = Memory.getLong(root + TAIL);
        int old = StreamNode.capacity(node);
        int capacity = (int) Math.min(Allocator.cellSize(bytes), Integer.MAX_VALUE - 8);
        if (Allocator.cellSize(old) == capacity) {
            return node;
        }
        long moved = allocator.allocate(capacity);
        Memory.copy(node, moved, StreamNode.bytes(node));
        StreamNode.setCapacity(moved, capacity);
        TreePath path = new TreePath();
        CountedTree.last(root + TREE, path);
        CountedTree.replaceLeaf(path, moved);
        Memory.putLong(root + TAIL, moved);
        addNodeBytes(root, Allocator.cellSize(capacity) - Allocator.cellSize(old));
        allocator.free(node, old);
        return moved;
    }

    /** Looks up the first entry anew. */
    static void refreshFirstId(long root, StreamCursor cursor) {
        cursor.all(root);
        boolean found = length(root) > 0 && cursor.next();
        Memory.putLong(root + FIRST_MILLIS, found ? cursor.millis() : 0);
        Memory.putLong(root + FIRST_SEQUENCE, found ? cursor.sequence() : 0);
    }

    /** Takes away the node of a path with all its entries; gives the next one, or 0. */
    static long removeNode(Allocator allocator, long root, TreePath path) {
        long node = path.leaf();
        int capacity = StreamNode.capacity(node);
        addNodeBytes(root, -Allocator.cellSize(capacity));
        allocator.free(node, capacity);
        long next = CountedTree.remove(allocator, path);
        if (node == Memory.getLong(root + TAIL)) {
            TreePath last = new TreePath();
            long tail = CountedTree.last(root + TREE, last);
            Memory.putLong(root + TAIL, tail);
            if (tail != 0) {
                Memory.putLong(root + TAIL_MILLIS, CountedTree.high(last));
                Memory.putLong(root + TAIL_SEQUENCE, CountedTree.low(last));
            }
        }
        return next;
    }

    /** How many entries were added up to and with this id; -1 when that is unknown. */
    public static long distanceFromStart(long root, StreamId id) {
        long added = added(root);
        if (added == 0) {
            return 0;
        }
        int toLast =
                StreamId.compare(
                        id.millis(),
                        id.sequence(),
                        Memory.getLong(root + LAST_MILLIS),
                        Memory.getLong(root + LAST_SEQUENCE));
        if (toLast == 0 || (toLast < 0 && length(root) == 0)) {
            return added;
        }
        if (toLast > 0) {
            return -1;
        }
        long firstMillis = Memory.getLong(root + FIRST_MILLIS);
        long firstSequence = Memory.getLong(root + FIRST_SEQUENCE);
        long deletedMillis = Memory.getLong(root + DELETED_MILLIS);
        long deletedSequence = Memory.getLong(root + DELETED_SEQUENCE);
        if ((deletedMillis | deletedSequence) == 0
                || StreamId.compare(deletedMillis, deletedSequence, firstMillis, firstSequence)
                        < 0) {
            int toFirst = StreamId.compare(id.millis(), id.sequence(), firstMillis, firstSequence);
            if (toFirst <= 0) {
                return added - length(root) + (toFirst == 0 ? 1 : 0);
            }
        }
        return -1;
    }

    /** Whether entries from this id on may have been deleted by XDEL. */
    public static boolean hasGapsFrom(long root, StreamId id) {
        long deletedMillis = Memory.getLong(root + DELETED_MILLIS);
        long deletedSequence = Memory.getLong(root + DELETED_SEQUENCE);
        if (length(root) == 0 || (deletedMillis | deletedSequence) == 0) {
            return false;
        }
        return StreamId.compare(
                                Memory.getLong(root + FIRST_MILLIS),
                                Memory.getLong(root + FIRST_SEQUENCE),
                                deletedMillis,
                                deletedSequence)
                        <= 0
                && StreamId.compare(id.millis(), id.sequence(), deletedMillis, deletedSequence)
                        <= 0;
    }

    /**
     * Ends loading: the number of entries, and the first id, are what the nodes say.
     *
     * @param length how many entries there should be
     * @return false when there are not so many
     */
    public static boolean loaded(long root, long length, StreamCursor cursor) {
        TreePath path = cursor.path();
        long live = 0;
        for (long node = firstNode(root, path); node != 0; node = nextNode(path)) {
            live += StreamNode.live(node);
        }
        Memory.putLong(root + LENGTH, live);
        refreshFirstId(root, cursor);
        return live == length;
    }

    /** Bytes of all the stream takes, as allocated. */
    public static long bytes(long root) {
        return Allocator.cellSize(ROOT_BYTES)
                + Memory.getLong(root + NODE_BYTES)
                + CountedTree.bytes(root + TREE)
                + ConsumerGroup.bytesOfAll(root);
    }

    /** A copy of all of it. */
    public static long copy(Allocator allocator, long from) {
        long root = create(allocator);
        TreePath path = new TreePath();
        StreamId id = new StreamId();
        for (long node = firstNode(from, path); node != 0; node = nextNode(path)) {
            int bytes = StreamNode.bytes(node);
            int capacity = (int) Allocator.cellSize(bytes);
            long copied = allocator.allocate(capacity);
            Memory.copy(node, copied, bytes);
            StreamNode.setCapacity(copied, capacity);
            addNode(allocator, root, copied, nodeId(path, id));
        }
        Memory.copy(from, root, TAIL);
        ConsumerGroup.copyAll(allocator, from, root);
        return root;
    }

    /** Moves the root out of sparse memory; gives where it is then. */
    static long evacuateRoot(Allocator allocator, long root) {
        return allocator.evacuate(root, ROOT_BYTES);
    }

    /** Moves a node out of sparse memory; gives where to go on. */
    static long evacuateNode(Allocator allocator, long root, long position) {
        return CountedTree.evacuate(
                allocator,
                root + TREE,
                position,
                new TreePath(),
                node -> {
                    long moved = allocator.evacuate(node, StreamNode.capacity(node));
                    if (node == tail(root)) {
                        Memory.putLong(root + TAIL, moved);
                    }
                    return moved;
                });
    }

    /** Frees all of it. */
    public static void free(Allocator allocator, long root) {
        long left = free(allocator, root, Long.MAX_VALUE);
        assert left > 0;
    }

    /**
     * Frees all of it, or about so many entries and pending ones.
     *
     * @return what is left of the budget; more than zero when all is freed
     */
    public static long free(Allocator allocator, long root, long budget) {
        FreedNodes freed = new FreedNodes(allocator);
        long left = budget;
        while (left > 0 && CountedTree.count(root + TREE) > 0) {
            CountedTree.drain(allocator, root + TREE, 1, freed);
            left -= freed.takeEntries();
        }
        left = ConsumerGroup.freeAll(allocator, root, left);
        if (left > 0) {
            allocator.free(root, ROOT_BYTES);
        }
        return left;
    }

    /** Frees nodes and counts their entries. */
    private static final class FreedNodes implements LeafConsumer {
        private final Allocator allocator;
        private long entries;

        FreedNodes(Allocator allocator) {
            this.allocator = allocator;
        }

        long takeEntries() {
            long taken = entries;
            entries = 0;
            return taken;
        }

        @Override
        public void accept(long leaf, long count) {
            entries += StreamNode.live(leaf) + StreamNode.tombstones(leaf);
            allocator.free(leaf, StreamNode.capacity(leaf));
        }
    }
}
