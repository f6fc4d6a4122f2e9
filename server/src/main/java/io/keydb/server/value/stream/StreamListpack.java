package io.keydb.server.value.stream;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import io.keydb.server.structure.Listpack;

/**
 * A node of a stream as the listpack in which stock servers keep its entries, byte for byte, and
 * back.
 *
 * <pre>
 *   live entries, deleted entries, number of shared fields, the fields, 0
 *   each entry: flags, milliseconds and sequence number from the node's id on, [number of fields,] fields and values or
 *               only values, the number of all these elements
 * </pre>
 *
 * <p>To save: {@link #bytes} and {@link #write} for the nodes of {@link Stream#firstNode}. To load:
 * {@link #add} in the same order.
 *
 * <p>Threads: confined to the partition lock.
 */
public final class StreamListpack {
    private static final int DELETED = StreamNode.DELETED;
    private static final int SAME_FIELDS = StreamNode.SAME_FIELDS;

    /** Bytes that an entry may take more than in a listpack. */
    private static final long MORE_BYTES = 2 * Varint.LONGEST + 5;

    private StreamListpack() {}

    /** The bytes of the listpack of a node. */
    public static int bytes(long node) {
        return StreamNode.listpackBytes(node);
    }

    /**
     * Writes the listpack of a node.
     *
     * @param id the node's id
     * @param lp room for {@link #bytes}
     */
    public static void write(long node, StreamId id, long lp) {
        Listpack.initialise(lp);
        Listpack.append(lp, StreamNode.live(node));
        Listpack.append(lp, StreamNode.tombstones(node));
        int fields = StreamNode.fields(node);
        Listpack.append(lp, fields);
        try (Scratch scratch = new Scratch()) {
            StreamText text = new StreamText();
            long at = StreamNode.firstField(node);
            for (int i = 0; i < fields; i++) {
                text.set(at, 0);
                scratch.append(lp, text);
                at = PackedText.next(at);
            }
            Listpack.append(lp, 0);
            StreamCursor cursor = new StreamCursor().node(node, id);
            while (cursor.next()) {
                writeEntry(cursor, id, lp, scratch);
            }
        }
        assert Listpack.bytes(lp) == bytes(node) : Listpack.bytes(lp) + " " + bytes(node);
    }

    private static void writeEntry(StreamCursor entry, StreamId id, long lp, Scratch scratch) {
        boolean same = entry.hasSameFields();
        int fields = entry.fields();
        Listpack.append(lp, (entry.isDeleted() ? DELETED : 0) | (same ? SAME_FIELDS : 0));
        Listpack.append(lp, entry.millis() - id.millis());
        Listpack.append(lp, entry.sequence() - id.sequence());
        if (!same) {
            Listpack.append(lp, fields);
        }
        while (entry.nextField()) {
            if (!same) {
                scratch.append(lp, entry.field());
            }
            scratch.append(lp, entry.value());
        }
        Listpack.append(lp, StreamNode.lpCount(fields, same));
    }

    /**
     * Adds a node with the entries of a listpack from outside behind all others.
     *
     * @param id the node's id
     * @return false when the bytes are no such listpack, or the ids do not ascend; nothing is added
     */
    public static boolean add(Allocator allocator, long root, StreamId id, long lp, long bytes) {
        if (!Listpack.isValid(lp, bytes)) {
            return false;
        }
        Reader reader = new Reader(lp);
        long live = reader.integer();
        long deleted = reader.integer();
        long fields = reader.integer();
        if (reader.isBroken() || live < 0 || deleted < 0 || live + deleted > bytes) {
            return false;
        }
        if (fields < 0 || fields > bytes) {
            return false;
        }
        long most = StreamNode.HEADER_BYTES + bytes + MORE_BYTES * (live + deleted + 1);
        if (most > Integer.MAX_VALUE - 8) {
            return false;
        }
        int room = (int) most;
        long node = allocator.allocate(room);
        StreamNode.beginFields(node, room, (int) fields);
        if (!read(reader, node, id, live + deleted)
                || StreamNode.live(node) != live
                || !isBehind(root, id)) {
            allocator.free(node, room);
            return false;
        }
        StreamNode.setListpackBytes(node, (int) (bytes - reader.slack()));
        int capacity = (int) Allocator.cellSize(StreamNode.bytes(node));
        long exact = allocator.allocate(capacity);
        Memory.copy(node, exact, StreamNode.bytes(node));
        StreamNode.setCapacity(exact, capacity);
        allocator.free(node, room);
        Stream.addNode(allocator, root, exact, id);
        return true;
    }

    private static boolean isBehind(long root, StreamId id) {
        long tail = Stream.tail(root);
        return tail == 0
                || StreamId.compare(
                                StreamNode.lastMillis(tail),
                                StreamNode.lastSequence(tail),
                                id.millis(),
                                id.sequence())
                        < 0;
    }

    private static boolean read(Reader reader, long node, StreamId id, long entries) {
        long at = StreamNode.firstField(node);
        for (int i = StreamNode.fields(node); i > 0 && !reader.isBroken(); i--) {
            at = reader.copyText(at, 0);
        }
        StreamNode.endFields(node, at);
        if (reader.integer() != 0 || reader.isBroken()) {
            return false;
        }
        StreamId last = new StreamId().set(id);
        last.decrement();
        for (long i = 0; i < entries; i++) {
            if (!readEntry(reader, node, id, last)) {
                return false;
            }
        }
        return reader.isAtEnd();
    }

    private static boolean readEntry(Reader reader, long node, StreamId id, StreamId last) {
        long flags = reader.integer();
        if ((flags & ~(SAME_FIELDS | DELETED)) != 0) {
            return false;
        }
        StreamId entryId = new StreamId();
        entryId.set(id.millis() + reader.integer(), id.sequence() + reader.integer());
        boolean same = (flags & SAME_FIELDS) != 0;
        long fields = same ? StreamNode.fields(node) : reader.integer();
        boolean known = (flags & ~(long) (SAME_FIELDS | DELETED)) == 0;
        if (reader.isBroken() || !known || fields < 0 || fields > Listpack.bytes(reader.lp)) {
            return false;
        }
        boolean isFirst = StreamNode.firstEntry(node) == StreamNode.end(node);
        if (entryId.compareTo(last) <= 0 && !(isFirst && entryId.compareTo(id) == 0)) {
            return false;
        }
        last.set(entryId);
        long reference = same ? StreamNode.firstValue(node) : 0;
        long length =
                StreamNode.beginEntry(
                        node,
                        id.millis(),
                        id.sequence(),
                        entryId,
                        StreamNode.flags((int) fields, same));
        long at = StreamNode.beginPayload(node, length);
        at = same ? at : Varint.write(at, fields);
        for (long i = same ? fields : 2 * fields; i > 0 && !reader.isBroken(); i--) {
            at = reader.copyText(at, reference);
            reference = reference == 0 ? 0 : PackedText.next(reference);
        }
        long entry = StreamNode.end(node);
        StreamNode.endEntry(node, length, at, entryId);
        boolean deleted = (flags & DELETED) != 0;
        if (deleted) {
            Memory.putByte(entry, (byte) (Memory.getByte(entry) | DELETED));
        }
        StreamNode.recount(node, deleted ? 0 : 1, deleted ? 1 : 0);
        return reader.integer() == StreamNode.lpCount((int) fields, same) && !reader.isBroken();
    }

    /**
     * Reads the elements of a listpack in turn; once something is missing, it is broken. Foreign
     * listpacks may say things in more bytes than needed: how many are needed, it knows.
     */
    private static final class Reader {
        private final long lp;
        private int bytes = Listpack.EMPTY_BYTES;
        private long element;
        private boolean broken;
        private long slack;

        Reader(long lp) {
            this.lp = lp;
            element = Listpack.first(lp);
        }

        /** Bytes that the elements read so far take more than they need. */
        long slack() {
            return slack;
        }

        /** What the elements read so far take at least. */
        int bytes() {
            return bytes;
        }

        boolean isBroken() {
            return broken;
        }

        boolean isAtEnd() {
            return element == 0;
        }

        long integer() {
            if (element == 0 || !Listpack.isInteger(element)) {
                broken = true;
                return 0;
            }
            long value = Listpack.integer(element);
            slack += Listpack.entryBytes(element) - Listpack.sizeOf(value);
            element = Listpack.next(lp, element);
            return value;
        }

        /** Writes the next element to a node; gives the address behind it. */
        long copyText(long at, long reference) {
            if (element == 0) {
                broken = true;
                return at;
            }
            long current = element;
            element = Listpack.next(lp, current);
            if (Listpack.isInteger(current)) {
                long value = Listpack.integer(current);
                slack += Listpack.entryBytes(current) - Listpack.sizeOf(value);
                return PackedText.write(at, value);
            }
            long text = Listpack.textAddress(current);
            slack +=
                    Listpack.entryBytes(current)
                            - Listpack.sizeOf(text, Listpack.textLength(current));
            return PackedText.write(at, text, Listpack.textLength(current), reference);
        }
    }

    /** Puts texts together that lie in two parts. */
    private static final class Scratch implements AutoCloseable {
        private long address;
        private int capacity;

        void append(long lp, StreamText text) {
            if (text.isInteger()) {
                Listpack.append(lp, text.integer());
                return;
            }
            int length = text.length();
            if (length > capacity) {
                close();
                capacity = Math.max(256, length);
                address = NativeHeap.allocate(capacity);
            }
            text.copyTo(address);
            Listpack.append(lp, address, length);
        }

        @Override
        public void close() {
            if (capacity > 0) {
                NativeHeap.free(address, capacity);
                capacity = 0;
            }
        }
    }
}
