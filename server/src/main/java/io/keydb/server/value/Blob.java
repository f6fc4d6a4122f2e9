package io.keydb.server.value;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;

/**
 * The bytes of a small collection: a listpack or sorted integers as one piece.
 *
 * <pre>
 *   RAW     INTS         up to 4096 bytes, within the record
 *   LARGE   LARGE_INTS   more: an allocation of its own, which may have room to grow
 * </pre>
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
public final class Blob {
    private static final int LONGEST_INLINE = 4096;
    private static final int LARGE_BYTES = 24;
    private static final long LARGEST_SLACK = 64 << 10;

    private Blob() {}

    /** Whether a record of that encoding has its value in one piece. */
    public static boolean is(int encoding) {
        return encoding == Record.RAW || encoding == Record.INTS || Record.isLarge(encoding);
    }

    /** Whether the record holds sorted integers. */
    public static boolean isIntegers(long record) {
        int encoding = Record.encoding(record);
        return encoding == Record.INTS || encoding == Record.LARGE_INTS;
    }

    /** Where the bytes are. */
    public static long address(long record) {
        return Record.isLarge(Record.encoding(record))
                ? Record.largeAddress(record)
                : Record.valueAddress(record);
    }

    /** How many they are. */
    public static long length(long record) {
        return Record.isLarge(Record.encoding(record))
                ? Record.largeLength(record)
                : Record.valueLength(record);
    }

    /** The encoding for so many bytes of a listpack. */
    public static int encodingFor(long length) {
        return length <= LONGEST_INLINE ? Record.RAW : Record.LARGE;
    }

    /** The encoding for so many bytes of sorted integers. */
    public static int integersEncodingFor(long length) {
        return length <= LONGEST_INLINE ? Record.INTS : Record.LARGE_INTS;
    }

    /**
     * Makes the record of a key that has none; gives where its {@code length} bytes are to be
     * written.
     */
    public static long create(Holder holder, int type, boolean integers, long length) {
        int encoding = integers ? integersEncodingFor(length) : encodingFor(length);
        if (!Record.isLarge(encoding)) {
            return Record.valueAddress(holder.create(type, encoding, length));
        }
        long address = holder.allocator().allocate(length);
        Record.setLarge(holder.create(type, encoding, LARGE_BYTES), address, length, length);
        return address;
    }

    /**
     * Makes the bytes more or fewer; as many as there were and are keep their content. Gives where
     * they are now. The record may have moved.
     */
    public static long resize(Holder holder, long length) {
        return resize(holder, isIntegers(holder.record()), length);
    }

    /** The same, and says whether the bytes are sorted integers from now on. */
    public static long resize(Holder holder, boolean integers, long length) {
        long record = holder.record();
        int encoding = integers ? integersEncodingFor(length) : encodingFor(length);
        boolean wasLarge = Record.isLarge(Record.encoding(record));
        if (!Record.isLarge(encoding)) {
            return wasLarge
                    ? moveIn(holder, encoding, length)
                    : Record.valueAddress(holder.resize(encoding, length));
        }
        return wasLarge ? resizeLarge(holder, encoding, length) : moveOut(holder, encoding, length);
    }

    /**
     * Gives the record of a blob the address of a structure for its value, and frees the blob.
     *
     * @return the record, which may have moved
     */
    public static long replaceByStructure(Holder holder, long root) {
        freeOwned(holder.allocator(), holder.record());
        long record = holder.resize(Record.INT, Long.BYTES);
        Record.setNumber(record, root);
        return record;
    }

    /**
     * Gives a record whose value was a structure, freed by the caller or to be freed, a blob of so
     * many bytes, to be written. Gives where.
     */
    public static long replaceStructure(Holder holder, boolean integers, long length) {
        int encoding = integers ? integersEncodingFor(length) : encodingFor(length);
        if (!Record.isLarge(encoding)) {
            return Record.valueAddress(holder.resize(encoding, length));
        }
        long address = holder.allocator().allocate(length);
        Record.setLarge(holder.resize(encoding, LARGE_BYTES), address, length, length);
        return address;
    }

    /** Copies the bytes of one record into another of the same encoding and inline length. */
    public static void copy(Allocator allocator, long from, long to) {
        long length = length(from);
        if (Record.isLarge(Record.encoding(from))) {
            Record.setLarge(to, allocator.allocate(length), length, length);
        }
        Memory.copy(address(from), address(to), length);
    }

    /** Frees what lies apart from the record. */
    public static void freeOwned(Allocator allocator, long record) {
        if (Record.isLarge(Record.encoding(record))) {
            allocator.free(Record.largeAddress(record), Record.largeCapacity(record));
        }
    }

    /** Bytes of what lies apart from the record. */
    public static long ownedBytes(long record) {
        return Record.isLarge(Record.encoding(record))
                ? Allocator.cellSize(Record.largeCapacity(record))
                : 0;
    }

    private static long moveOut(Holder holder, int encoding, long length) {
        long record = holder.record();
        long address = holder.allocator().allocate(length);
        Memory.copy(
                Record.valueAddress(record), address, Math.min(length, Record.valueLength(record)));
        Record.setLarge(holder.resize(encoding, LARGE_BYTES), address, length, length);
        return address;
    }

    private static long moveIn(Holder holder, int encoding, long length) {
        long record = holder.record();
        long address = Record.largeAddress(record);
        long oldLength = Record.largeLength(record);
        long capacity = Record.largeCapacity(record);
        long inline = Record.valueAddress(holder.resize(encoding, length));
        Memory.copy(address, inline, Math.min(length, oldLength));
        holder.allocator().free(address, capacity);
        return inline;
    }

    private static long resizeLarge(Holder holder, int encoding, long length) {
        holder.beforeChange();
        long record = holder.record();
        if (Record.encoding(record) != encoding) {
            record = holder.resize(encoding, LARGE_BYTES);
        }
        long address = Record.largeAddress(record);
        long capacity = Record.largeCapacity(record);
        if (length > capacity || length < capacity / 2) {
            long newCapacity = Allocator.cellSize(length + Math.min(length / 8, LARGEST_SLACK));
            long moved = holder.allocator().allocate(newCapacity);
            Memory.copy(address, moved, Math.min(length, Record.largeLength(record)));
            holder.allocator().free(address, capacity);
            address = moved;
            capacity = newCapacity;
        }
        Record.setLarge(record, address, length, capacity);
        return address;
    }
}
