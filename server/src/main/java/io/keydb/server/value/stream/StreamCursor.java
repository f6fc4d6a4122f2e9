package io.keydb.server.value.stream;

import io.keydb.server.memory.Memory;
import io.keydb.server.structure.CountedTree;
import io.keydb.server.structure.TreePath;
import java.util.Arrays;

/**
 * Goes through the entries of a range of ids, in order or backwards.
 *
 * <pre>
 *   cursor.forward(root, start, end);
 *   while (cursor.next()) {
 *       ... cursor.millis() ... cursor.sequence() ... cursor.fields() ...
 *       while (cursor.nextField()) { ... cursor.field() ... cursor.value() ... }
 *   }
 * </pre>
 *
 * <p>Backwards, each node is read once in order, and where its entries lie is remembered: entries
 * know only their distance from the one before.
 *
 * <p>Threads: confined to its owner, and to the partition lock while in use; it is valid until the
 * stream changes, and then good for another walk.
 */
public final class StreamCursor {
    private final TreePath path = new TreePath();
    private final StreamText field = new StreamText();
    private final StreamText value = new StreamText();
    private long startMillis;
    private long startSequence;
    private long endMillis;
    private long endSequence;
    private boolean backwards;
    private boolean tombstones;

    private long node;
    private long nodeEnd;
    private int sharedFields;
    private long next;
    private long entry;
    private long millis;
    private long sequence;
    private int flags;
    private long payload;

    private int fieldsLeft;
    private long fieldAt;
    private long valueAt;
    private long referenceAt;

    private long[] found = {};
    private int foundCount;

    /** Begins before the first of all entries. */
    public StreamCursor all(long root) {
        return forward(root, 0, 0, StreamId.GREATEST, StreamId.GREATEST);
    }

    /** The same, and deleted entries whose bytes are still there are shown as well. */
    public StreamCursor allWithTombstones(long root) {
        all(root);
        tombstones = true;
        return this;
    }

    /** Begins before the first entry of a range, both ids inclusive. */
    public StreamCursor forward(long root, StreamId start, StreamId end) {
        return forward(root, start.millis(), start.sequence(), end.millis(), end.sequence());
    }

    StreamCursor forward(long root, long millis1, long sequence1, long millis2, long sequence2) {
        range(millis1, sequence1, millis2, sequence2, false);
        enter(CountedTree.find(Stream.tree(root), millis1, sequence1, path));
        return this;
    }

    /** Begins behind the last entry of a range, both ids inclusive; goes backwards. */
    public StreamCursor backward(long root, StreamId start, StreamId end) {
        range(start.millis(), start.sequence(), end.millis(), end.sequence(), true);
        enter(CountedTree.find(Stream.tree(root), end.millis(), end.sequence(), path));
        return this;
    }

    /** Goes to the entry with this id; false when there is none. */
    public boolean find(long root, long soughtMillis, long soughtSequence) {
        forward(root, soughtMillis, soughtSequence, soughtMillis, soughtSequence);
        return next();
    }

    /** Goes to the last entry of all; false when there is none. */
    public boolean last(long root) {
        range(0, 0, StreamId.GREATEST, StreamId.GREATEST, true);
        enter(CountedTree.last(Stream.tree(root), path));
        return next();
    }

    /** About how many entries a range has; the cursor is nowhere then. */
    public long estimate(long root, StreamId start, StreamId end) {
        long tree = Stream.tree(root);
        if (CountedTree.find(tree, start.millis(), start.sequence(), path) == 0) {
            return 0;
        }
        long first = CountedTree.rank(path);
        CountedTree.find(tree, end.millis(), end.sequence(), path);
        long nodes = Math.max(0, CountedTree.rank(path) - first + 1);
        return nodes * Stream.length(root) / Stream.nodes(root);
    }

    /**
     * Begins before the first entry of this node alone; shows deleted entries too. For a new
     * cursor.
     */
    StreamCursor node(long only, StreamId id) {
        range(0, 0, StreamId.GREATEST, StreamId.GREATEST, false);
        tombstones = true;
        enter(only, id.millis(), id.sequence());
        return this;
    }

    private void range(long millis1, long sequence1, long millis2, long sequence2, boolean back) {
        startMillis = millis1;
        startSequence = sequence1;
        endMillis = millis2;
        endSequence = sequence2;
        backwards = back;
        tombstones = false;
    }

    private void enter(long newNode) {
        if (newNode == 0) {
            node = 0;
        } else {
            enter(newNode, CountedTree.high(path), CountedTree.low(path));
        }
    }

    private void enter(long newNode, long nodeMillis, long nodeSequence) {
        node = newNode;
        next = StreamNode.firstEntry(node);
        nodeEnd = StreamNode.end(node);
        sharedFields = StreamNode.fields(node);
        millis = nodeMillis;
        sequence = nodeSequence;
        if (backwards) {
            rememberEntries();
        }
    }

    /** Goes to the next entry of the range; false when there is no more. */
    public boolean next() {
        return backwards ? nextBackwards() : nextForwards();
    }

    private boolean nextForwards() {
        while (node != 0) {
            while (next < nodeEnd) {
                read();
                if (StreamId.compare(millis, sequence, startMillis, startSequence) >= 0
                        && isShown()) {
                    if (StreamId.compare(millis, sequence, endMillis, endSequence) > 0) {
                        node = 0;
                        return false;
                    }
                    begin();
                    return true;
                }
            }
            enter(CountedTree.next(path));
        }
        return false;
    }

    private boolean nextBackwards() {
        while (node != 0) {
            while (foundCount > 0) {
                foundCount -= 3;
                entry = found[foundCount];
                millis = found[foundCount + 1];
                sequence = found[foundCount + 2];
                if (StreamId.compare(millis, sequence, startMillis, startSequence) < 0) {
                    node = 0;
                    return false;
                }
                flags = Memory.getByte(entry);
                payload = StreamNode.payload(entry);
                begin();
                return true;
            }
            enter(CountedTree.previous(path));
        }
        return false;
    }

    /** Reads the entry at {@link #next}, which follows the one whose id is known. */
    private void read() {
        entry = next;
        flags = Memory.getByte(entry);
        long at = entry + 1;
        switch (flags & StreamNode.BOTH) {
            case StreamNode.NEXT -> sequence++;
            case StreamNode.LATER -> {
                long later = Varint.read(at);
                at += Varint.bytes(later);
                millis += later;
                sequence = 0;
            }
            case StreamNode.FURTHER -> {
                long further = Varint.read(at);
                at += Varint.bytes(further);
                sequence += further;
            }
            default -> {
                long later = Varint.read(at);
                at += Varint.bytes(later);
                millis += later;
                sequence = Varint.read(at);
                at += Varint.bytes(sequence);
            }
        }
        if ((flags & StreamNode.MEASURED) != 0) {
            long length = Varint.read(at);
            payload = at + Varint.bytes(length);
            next = payload + length;
        } else {
            payload = at;
            next = StreamNode.skip(flags, payload, sharedFields);
        }
    }

    private boolean isShown() {
        return tombstones || (flags & StreamNode.DELETED) == 0;
    }

    private void rememberEntries() {
        foundCount = 0;
        while (next < nodeEnd) {
            read();
            if (StreamId.compare(millis, sequence, endMillis, endSequence) > 0) {
                return;
            }
            if (isShown()) {
                if (foundCount + 3 > found.length) {
                    found = Arrays.copyOf(found, Math.max(384, found.length * 2));
                }
                found[foundCount++] = entry;
                found[foundCount++] = millis;
                found[foundCount++] = sequence;
            }
        }
    }

    /** Makes ready for the fields of the entry. */
    private void begin() {
        if ((flags & StreamNode.SAME_FIELDS) != 0) {
            fieldsLeft = sharedFields;
            fieldAt = StreamNode.firstField(node);
            valueAt = payload;
            referenceAt = StreamNode.firstValue(node);
        } else {
            long count = Varint.read(payload);
            fieldsLeft = (int) count;
            fieldAt = payload + Varint.bytes(count);
        }
    }

    public long millis() {
        return millis;
    }

    public long sequence() {
        return sequence;
    }

    /** Whether the entry is deleted, which only {@link #allWithTombstones} shows. */
    public boolean isDeleted() {
        return (flags & StreamNode.DELETED) != 0;
    }

    boolean hasSameFields() {
        return (flags & StreamNode.SAME_FIELDS) != 0;
    }

    /** How many fields are still to come. */
    public int fields() {
        return fieldsLeft;
    }

    /** Goes to the next field of the entry; false when there is no more. */
    public boolean nextField() {
        if (fieldsLeft == 0) {
            return false;
        }
        fieldsLeft--;
        field.set(fieldAt, 0);
        if ((flags & StreamNode.SAME_FIELDS) != 0) {
            value.set(valueAt, referenceAt);
            fieldAt = PackedText.next(fieldAt);
            valueAt = PackedText.next(valueAt);
            referenceAt = referenceAt == 0 ? 0 : PackedText.next(referenceAt);
        } else {
            long at = PackedText.next(fieldAt);
            value.set(at, 0);
            fieldAt = PackedText.next(at);
        }
        return true;
    }

    /** The field; valid until the next one. */
    public StreamText field() {
        return field;
    }

    /** Its value; valid until the next one. */
    public StreamText value() {
        return value;
    }

    long node() {
        return node;
    }

    long entry() {
        return entry;
    }

    TreePath path() {
        return path;
    }
}
