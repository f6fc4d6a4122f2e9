package io.keydb.server.value.string;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;

/**
 * The value of a string record.
 *
 * <pre>
 *   INT     8-byte integer within the record; its text is made when asked for
 *   EMBSTR  up to 44 bytes within the record
 *   RAW     up to 4096 bytes within the record
 *   LARGE   address, length and capacity of an allocation of its own, which may have room to grow
 * </pre>
 *
 * OBJECT ENCODING calls the last two {@code raw}, as stock does.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
public final class StringValue {
    /** The longest value that OBJECT ENCODING calls embstr. */
    public static final int LONGEST_EMBEDDED = 44;

    private static final int LONGEST_INLINE = 4096;
    private static final long LARGEST_SLACK = 1 << 20;

    private StringValue() {}

    /** The encoding that suits these bytes when they are set as a whole. */
    public static int encodingFor(long address, long length) {
        if (length <= DecimalText.LONGEST && DecimalText.isInteger(address, length)) {
            return Record.INT;
        }
        return length <= LONGEST_EMBEDDED ? Record.EMBSTR : rawFor(length);
    }

    /** The encoding of a value of this length that was changed in part. */
    public static int rawFor(long length) {
        return length <= LONGEST_INLINE ? Record.RAW : Record.LARGE;
    }

    /** Bytes of the value field of a record; the rest of a LARGE value is allocated apart. */
    public static long inlineBytes(int encoding, long length) {
        return switch (encoding) {
            case Record.INT -> 8;
            case Record.LARGE -> 24;
            default -> length;
        };
    }

    /** Writes the value into a new record that was made for it. */
    public static void fill(Allocator allocator, long record, long address, long length) {
        switch (Record.encoding(record)) {
            case Record.INT -> Record.setNumber(record, DecimalText.parse(address, length));
            case Record.LARGE -> {
                long own = allocator.allocate(length);
                Memory.copy(address, own, length);
                Record.setLarge(record, own, length, length);
            }
            default -> Memory.copy(address, Record.valueAddress(record), length);
        }
    }

    /**
     * Gives a new LARGE record room for {@code capacity} bytes, {@code length} of them to be
     * written.
     */
    public static void reserve(Allocator allocator, long record, long length, long capacity) {
        Record.setLarge(record, allocator.allocate(capacity), length, capacity);
    }

    /** How much room to give a value of this length that is likely to grow. */
    public static long capacityFor(long length) {
        return length + Math.min(length, LARGEST_SLACK);
    }

    public static boolean isInteger(long record) {
        return Record.encoding(record) == Record.INT;
    }

    /** The integer of an INT record. */
    public static long integer(long record) {
        return Record.number(record);
    }

    /** Number of bytes of the value, as STRLEN tells. */
    public static long length(long record) {
        return switch (Record.encoding(record)) {
            case Record.INT -> DecimalText.length(Record.number(record));
            case Record.LARGE -> Record.largeLength(record);
            default -> Record.valueLength(record);
        };
    }

    /** Where the bytes are; not for INT records, which have none. */
    public static long address(long record) {
        return Record.encoding(record) == Record.LARGE
                ? Record.largeAddress(record)
                : Record.valueAddress(record);
    }

    /**
     * Copies the bytes of the value to {@code to}, an INT value as text; gives how many they are.
     */
    public static long copyTo(long record, long to) {
        if (isInteger(record)) {
            return DecimalText.write(to, Record.number(record)) - to;
        }
        long length = length(record);
        Memory.copy(address(record), to, length);
        return length;
    }

    /** Copies the value of one record into another of the same encoding. */
    public static void copy(Allocator allocator, long from, long to) {
        if (Record.encoding(from) == Record.LARGE) {
            fill(allocator, to, Record.largeAddress(from), Record.largeLength(from));
        } else {
            Memory.copy(
                    Record.valueAddress(from), Record.valueAddress(to), Record.valueLength(from));
        }
    }

    /** The name OBJECT ENCODING tells. */
    public static String encodingName(long record) {
        return switch (Record.encoding(record)) {
            case Record.INT -> "int";
            case Record.EMBSTR -> "embstr";
            default -> "raw";
        };
    }

    /** Frees what the record owns apart from itself. */
    public static void freeOwned(Allocator allocator, long record) {
        if (Record.encoding(record) == Record.LARGE) {
            allocator.free(Record.largeAddress(record), Record.largeCapacity(record));
        }
    }

    /** Bytes of what the record owns apart from itself. */
    public static long ownedBytes(long record) {
        return Record.encoding(record) == Record.LARGE
                ? Allocator.cellSize(Record.largeCapacity(record))
                : 0;
    }
}
