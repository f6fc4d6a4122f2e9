package io.keydb.server.value.stream;

import io.keydb.server.memory.Allocator;
import io.keydb.server.structure.CountedTree;
import io.keydb.server.structure.TreePath;

/**
 * Deleting entries of a {@link Stream}: some by their ids, or the oldest.
 *
 * <p>Threads: stateless; a stream is confined to the partition lock.
 */
public final class StreamRemoval {
    private StreamRemoval() {}

    /**
     * Deletes an entry; false when there is none with this id. The first id of the stream and its
     * greatest deleted one are the caller's business: {@link #noteDeleted}.
     */
    public static boolean delete(Allocator allocator, long root, StreamCursor cursor, StreamId id) {
        if (!cursor.find(root, id.millis(), id.sequence())) {
            return false;
        }
        TreePath path = cursor.path();
        long node = path.leaf();
        Stream.setLength(root, Stream.length(root) - 1);
        if (StreamNode.live(node) == 1) {
            Stream.removeNode(allocator, root, path);
        } else {
            StreamNode.delete(node, cursor.entry());
        }
        return true;
    }

    /** After deletions: remembers the greatest id and looks up the first entry anew. */
    public static void noteDeleted(long root, StreamCursor cursor, StreamId greatest) {
        if (greatest.compareTo(Stream.greatestDeletedId(root, new StreamId())) > 0) {
            Stream.setGreatestDeletedId(root, greatest);
        }
        Stream.refreshFirstId(root, cursor);
    }

    /**
     * Deletes the oldest entries, as XTRIM does; gives how many. Whole nodes go where that is
     * possible; with {@link Trim#approximate}, nothing else does.
     */
    public static long trim(Allocator allocator, long root, Trim trim, StreamCursor cursor) {
        TreePath path = cursor.path();
        long deleted = 0;
        long node = CountedTree.first(Stream.tree(root), path);
        while (node != 0) {
            long length = Stream.length(root);
            int live = StreamNode.live(node);
            if (trim.isDone(length) || (trim.limit() != 0 && deleted + live > trim.limit())) {
                break;
            }
            if (trim.takesNode(length, node)) {
                Stream.setLength(root, length - live);
                node = Stream.removeNode(allocator, root, path);
                deleted += live;
            } else {
                if (!trim.approximate()) {
                    deleted += trimNode(root, node, trim, cursor);
                }
                break;
            }
        }
        if (deleted > 0) {
            Stream.refreshFirstId(root, cursor);
        }
        return deleted;
    }

    /** Whether {@link #trim} would perhaps delete something. */
    public static boolean mayTrim(long root, Trim trim) {
        return !trim.isDone(Stream.length(root)) && Stream.nodes(root) > 0;
    }

    private static long trimNode(long root, long node, Trim trim, StreamCursor cursor) {
        long before = Stream.length(root);
        cursor.all(root);
        while (cursor.next() && cursor.node() == node && trim.takes(Stream.length(root), cursor)) {
            StreamNode.delete(node, cursor.entry());
            Stream.setLength(root, Stream.length(root) - 1);
        }
        return before - Stream.length(root);
    }
}
