package io.keydb.server.value.stream;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Listpack;

/**
 * The byte layout of one node of a stream: entries in the order of their ids. It says the same as
 * the listpack in which a stock server keeps these entries, in fewer bytes, and knows how long that
 * would be, because the length decides when a node is full.
 *
 * <pre>
 *   0    bytes in use (4)
 *   4    bytes allocated (4)
 *   8    live entries (4)
 *   12   deleted entries, whose bytes are still here (4)
 *   16   bytes of the listpack (4)
 *   20   where the entries begin (4)
 *   24   id of the last entry, deleted or not (8 + 8)
 *   40   number of shared fields ({@link Varint}), the fields ({@link PackedText})
 *        entries
 *
 *   entry
 *   flags          1 byte: DELETED, SAME_FIELDS, how the id follows from the one before
 *   id             milliseconds and sequence number, as far as the flags do not tell them
 *   length         of what follows, Varint; only with MEASURED
 *   fields         their number, Varint; not with SAME_FIELDS
 *   values         field, value, field, value ..., or only values with SAME_FIELDS
 * </pre>
 *
 * <p>An entry of few texts has no length: to skip it, its texts are skipped.
 *
 * <p>The id before the first entry's is the node's own, under which it is in the tree. Values with
 * SAME_FIELDS may share bytes with those of the first entry, which shares none itself; so a deleted
 * entry keeps its bytes until its node goes.
 *
 * <p>Threads: stateless; a node is confined to the partition lock.
 */
final class StreamNode {
    static final int DELETED = 1;
    static final int SAME_FIELDS = 2;

    /** How the id follows from the one before: the next sequence number. */
    static final int NEXT = 0;

    /** Later milliseconds follow, the sequence number is 0. */
    static final int LATER = 4;

    /** The same milliseconds, a distance of sequence numbers follows. */
    static final int FURTHER = 8;

    /** Later milliseconds and the sequence number follow. */
    static final int BOTH = 12;

    /** Its length is told. */
    static final int MEASURED = 16;

    static final int HEADER_BYTES = 40;

    /** Up to so many texts are skipped one by one. */
    private static final int FEW = 4;

    private static final int USED = 0;
    private static final int CAPACITY = 4;
    private static final int LIVE = 8;
    private static final int TOMBSTONES = 12;
    private static final int LISTPACK = 16;
    private static final int ENTRIES = 20;
    private static final int LAST_MILLIS = 24;
    private static final int LAST_SEQUENCE = 32;

    /** Flags, both parts of an id, a length and a number of fields. */
    private static final int ENTRY_OVERHEAD = 1 + 3 * Varint.LONGEST + 5;

    private StreamNode() {}

    static int bytes(long node) {
        return Memory.getInt(node + USED);
    }

    static int capacity(long node) {
        return Memory.getInt(node + CAPACITY);
    }

    static void setCapacity(long node, int bytes) {
        Memory.putInt(node + CAPACITY, bytes);
    }

    static int live(long node) {
        return Memory.getInt(node + LIVE);
    }

    static int tombstones(long node) {
        return Memory.getInt(node + TOMBSTONES);
    }

    /** Bytes of a listpack with the same content. */
    static int listpackBytes(long node) {
        return Memory.getInt(node + LISTPACK);
    }

    static long lastMillis(long node) {
        return Memory.getLong(node + LAST_MILLIS);
    }

    static long lastSequence(long node) {
        return Memory.getLong(node + LAST_SEQUENCE);
    }

    static int fields(long node) {
        return (int) Varint.read(node + HEADER_BYTES);
    }

    /** Where the first shared field lies. */
    static long firstField(long node) {
        return node + HEADER_BYTES + Varint.bytes(Varint.read(node + HEADER_BYTES));
    }

    /** Where the first entry lies, deleted or not. */
    static long firstEntry(long node) {
        return node + Memory.getInt(node + ENTRIES);
    }

    /** Where the entries end. */
    static long end(long node) {
        return node + bytes(node);
    }

    /** Where the texts of an entry begin, or their number. */
    static long payload(long entry) {
        long at = entry + 1;
        int flags = Memory.getByte(entry);
        int form = flags & BOTH;
        if (form != NEXT) {
            at += Varint.bytes(Varint.read(at));
        }
        if (form == BOTH) {
            at += Varint.bytes(Varint.read(at));
        }
        return (flags & MEASURED) != 0 ? at + Varint.bytes(Varint.read(at)) : at;
    }

    /** Where an entry without a length ends. */
    static long skip(int flags, long payload, int sharedFields) {
        long at = payload;
        long texts = sharedFields;
        if ((flags & SAME_FIELDS) == 0) {
            long fields = Varint.read(at);
            at += Varint.bytes(fields);
            texts = 2 * fields;
        }
        for (; texts > 0; texts--) {
            at = PackedText.next(at);
        }
        return at;
    }

    /** Bytes more than these texts take in a new node, and in an entry of any node. */
    static long mostBytes(StreamFields fields, boolean withSharedFields) {
        int count = fields.pairs() * 2;
        long bytes = ENTRY_OVERHEAD;
        for (int i = 0; i < count; i++) {
            bytes += fields.length(i) + PackedText.OVERHEAD;
        }
        if (withSharedFields) {
            bytes += HEADER_BYTES + Varint.LONGEST;
            for (int i = 0; i < count; i += 2) {
                bytes += fields.length(i) + PackedText.OVERHEAD;
            }
        }
        return bytes;
    }

    /** Makes an empty node whose entries will probably have these fields. */
    static void initialise(long node, int capacity, StreamFields fields) {
        int count = fields.pairs();
        beginFields(node, capacity, count);
        int listpack = Memory.getInt(node + LISTPACK);
        long at = firstField(node);
        for (int i = 0; i < count; i++) {
            long address = fields.address(2 * i);
            int length = fields.length(2 * i);
            listpack += Listpack.sizeOf(address, length);
            at = write(at, address, length, 0);
        }
        endFields(node, at);
        Memory.putInt(node + LISTPACK, listpack);
    }

    /** Makes a node without entries; its shared fields are to be written. */
    static void beginFields(long node, int capacity, int count) {
        Memory.fill(node, HEADER_BYTES, (byte) 0);
        setCapacity(node, capacity);
        Varint.write(node + HEADER_BYTES, count);
        int listpack = Listpack.EMPTY_BYTES + 2 + 2 + Listpack.sizeOf(count) + 2;
        Memory.putInt(node + LISTPACK, listpack);
    }

    /** The shared fields end here, the entries begin. */
    static void endFields(long node, long at) {
        Memory.putInt(node + ENTRIES, (int) (at - node));
        Memory.putInt(node + USED, (int) (at - node));
    }

    /** Whether these are the shared fields. */
    static boolean hasFields(long node, StreamFields fields) {
        int count = fields.pairs();
        if (count != fields(node)) {
            return false;
        }
        long at = firstField(node);
        for (int i = 0; i < count; i++) {
            if (!PackedText.isSame(at, fields.address(2 * i), fields.length(2 * i))) {
                return false;
            }
            at = PackedText.next(at);
        }
        return true;
    }

    /**
     * Adds an entry behind all others; there is room for {@link #mostBytes}.
     *
     * @param nodeMillis milliseconds of the node's id
     * @param nodeSequence sequence number of the node's id
     */
    static void append(
            long node, long nodeMillis, long nodeSequence, StreamId id, StreamFields fields) {
        boolean same = hasFields(node, fields);
        int count = fields.pairs();
        long at = beginEntry(node, nodeMillis, nodeSequence, id, flags(count, same));
        long payload = beginPayload(node, at);
        int listpack = listpackBytes(node) + 2 + Listpack.sizeOf(lpCount(count, same));
        listpack += Listpack.sizeOf(id.millis() - nodeMillis);
        listpack += Listpack.sizeOf(id.sequence() - nodeSequence);
        if (!same) {
            payload = Varint.write(payload, count);
            listpack += Listpack.sizeOf(count);
        }
        long reference = same ? firstValue(node) : 0;
        for (int i = same ? 1 : 0; i < 2 * count; i += same ? 2 : 1) {
            long address = fields.address(i);
            int length = fields.length(i);
            listpack += Listpack.sizeOf(address, length);
            payload = write(payload, address, length, reference);
            reference = reference == 0 ? 0 : PackedText.next(reference);
        }
        Memory.putInt(node + LISTPACK, listpack);
        endEntry(node, at, payload, id);
        recount(node, 1, 0);
    }

    /** The listpack's elements of an entry, apart from the number itself. */
    static int lpCount(int fields, boolean same) {
        return same ? fields + 3 : 2 * fields + 4;
    }

    /** The first value of the first entry when that has the shared fields; 0 otherwise. */
    static long firstValue(long node) {
        long entry = firstEntry(node);
        if (entry == end(node) || (Memory.getByte(entry) & SAME_FIELDS) == 0) {
            return 0;
        }
        return payload(entry);
    }

    /** The flags of a new entry with so many fields. */
    static int flags(int fields, boolean same) {
        int texts = same ? fields : 2 * fields;
        return (same ? SAME_FIELDS : 0) | (texts > FEW ? MEASURED : 0);
    }

    /** Writes flags and id of an entry; gives where its length will stand, if it has one. */
    static long beginEntry(long node, long nodeMillis, long nodeSequence, StreamId id, int flags) {
        long entry = end(node);
        boolean first = entry == firstEntry(node);
        long millis = id.millis() - (first ? nodeMillis : lastMillis(node));
        long distance = id.sequence() - (first ? nodeSequence : lastSequence(node));
        long at = entry + 1;
        int form;
        if (millis == 0 && distance == 1) {
            form = NEXT;
        } else if (millis == 0) {
            form = FURTHER;
            at = Varint.write(at, distance);
        } else {
            form = id.sequence() == 0 ? LATER : BOTH;
            at = Varint.write(at, millis);
            at = form == BOTH ? Varint.write(at, id.sequence()) : at;
        }
        Memory.putByte(entry, (byte) (flags | form));
        return at;
    }

    /** Leaves 1 byte for the length of the new entry, if it has one; gives what is behind. */
    static long beginPayload(long node, long lengthAddress) {
        return isMeasured(end(node)) ? lengthAddress + 1 : lengthAddress;
    }

    private static boolean isMeasured(long entry) {
        return (Memory.getByte(entry) & MEASURED) != 0;
    }

    /** Ends a new entry, whose length is to be written if it has one. */
    static void endEntry(long node, long lengthAddress, long end, StreamId id) {
        int more = 0;
        if (isMeasured(end(node))) {
            long length = end - lengthAddress - 1;
            more = Varint.bytes(length) - 1;
            if (more > 0) {
                Memory.copy(lengthAddress + 1, lengthAddress + 1 + more, length);
            }
            Varint.write(lengthAddress, length);
        }
        Memory.putInt(node + USED, (int) (end + more - node));
        Memory.putLong(node + LAST_MILLIS, id.millis());
        Memory.putLong(node + LAST_SEQUENCE, id.sequence());
    }

    /** Marks a live entry as deleted. */
    static void delete(long node, long entry) {
        Memory.putByte(entry, (byte) (Memory.getByte(entry) | DELETED));
        recount(node, -1, 1);
    }

    /** Notes so many live and deleted entries more. */
    static void recount(long node, int liveMore, int deletedMore) {
        int live = live(node);
        int deleted = tombstones(node);
        int listpack =
                Listpack.sizeOf(live + liveMore)
                        - Listpack.sizeOf(live)
                        + Listpack.sizeOf(deleted + deletedMore)
                        - Listpack.sizeOf(deleted);
        Memory.putInt(node + LIVE, live + liveMore);
        Memory.putInt(node + TOMBSTONES, deleted + deletedMore);
        Memory.putInt(node + LISTPACK, listpackBytes(node) + listpack);
    }

    static void setListpackBytes(long node, int bytes) {
        Memory.putInt(node + LISTPACK, bytes);
    }

    private static long write(long at, long address, int length, long reference) {
        long value = DecimalText.parse(address, length);
        return value != DecimalText.NONE || DecimalText.isLeast(address, length)
                ? PackedText.write(at, value)
                : PackedText.write(at, address, length, reference);
    }
}
