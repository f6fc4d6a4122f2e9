package io.keydb.server.structure;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;

/**
 * The byte layout of one record: a key with its value, a field, a member. The only class that does
 * arithmetic on it.
 *
 * <pre>
 *   0            type (low nibble), encoding (high nibble)
 *   1            presence bits
 *   2            key length                      1 byte, or 4 with {@link #LONG_KEY}
 *                value length                    1 byte, or 4 with {@link #LONG_VALUE}; only where the encoding has one
 *                expiry, unix milliseconds       8 bytes, only with {@link #EXPIRY}
 *                stamp, index of its origin      8 + 2 bytes, only with {@link #STAMP}
 *                access field (LRU clock, LFU)   3 bytes, only with {@link #ACCESS}
 *                key                             at most 512 MB
 *                value
 * </pre>
 *
 * <p>All numbers are little-endian and unaligned. The encoding decides, for every type in the same
 * way, what the value is:
 *
 * <pre>
 *   0 INT      8 bytes: a number, or the address of a structure
 *   1 EMBSTR   bytes of the length in the header
 *   2 RAW      bytes of the length in the header
 *   3 LARGE    24 bytes: address, length and capacity of bytes that lie elsewhere
 *   4 EMPTY    nothing
 *   5 INTS         as RAW: sorted integers
 *   6 LARGE_INTS   as LARGE: sorted integers
 * </pre>
 *
 * <p>A <em>shape</em> is what has to be known to build a record besides its lengths: type, encoding
 * and optional fields in one int.
 *
 * <p>Threads: stateless; a record is confined to the partition lock.
 */
@SuppressWarnings("JavaLangClash") // the word of the field; java.lang.Record is never named
public final class Record {

    public static final int STRING = 0;
    public static final int LIST = 1;
    public static final int SET = 2;
    public static final int SORTED_SET = 3;
    public static final int HASH = 4;
    public static final int MODULE = 5;
    public static final int STREAM = 6;
    public static final int CRON = 7;
    public static final int TOMBSTONE = 15;

    public static final int INT = 0;
    public static final int EMBSTR = 1;
    public static final int RAW = 2;
    public static final int LARGE = 3;
    public static final int EMPTY = 4;
    public static final int INTS = 5;
    public static final int LARGE_INTS = 6;

    /** The longest key. */
    public static final int LONGEST_KEY = 512 << 20;

    private static final int EXPIRY = 1;
    private static final int STAMP = 2;
    private static final int LONG_KEY = 4;
    private static final int LONG_VALUE = 8;
    private static final int ACCESS = 16;
    private static final int PRESENCE_MASK = 31;
    private static final int MEMBERS_EXPIRE = 64;

    private static final int LONGEST_SHORT = 255;
    private static final int LARGE_BYTES = 24;

    /**
     * By presence bits, plus {@link #SIZED} when the encoding has a value length: where the first
     * optional field lies.
     */
    private static final byte[] FIELDS_OFFSET = new byte[64];

    /** By the same index: where the access field lies, if there is one. */
    private static final byte[] ACCESS_OFFSET = new byte[64];

    /** By the same index: where the key lies. */
    private static final byte[] KEY_OFFSET = new byte[64];

    private static final int SIZED = 32;

    static {
        for (int i = 0; i < 64; i++) {
            int offset = 2 + ((i & LONG_KEY) != 0 ? 4 : 1);
            if ((i & SIZED) != 0) {
                offset += (i & LONG_VALUE) != 0 ? 4 : 1;
            }
            FIELDS_OFFSET[i] = (byte) offset;
            offset += ((i & EXPIRY) != 0 ? 8 : 0) + ((i & STAMP) != 0 ? 10 : 0);
            ACCESS_OFFSET[i] = (byte) offset;
            KEY_OFFSET[i] = (byte) (offset + ((i & ACCESS) != 0 ? 3 : 0));
        }
    }

    private Record() {}

    /** What a record is like, apart from its lengths. */
    public static int shape(int type, int encoding, boolean expiry, boolean stamp, boolean access) {
        int presence = (expiry ? EXPIRY : 0) | (stamp ? STAMP : 0) | (access ? ACCESS : 0);
        return type | encoding << 4 | presence << 8;
    }

    /** The shape of an existing record. */
    public static int shapeOf(long record) {
        return Memory.getShort(record) & (0xff | (EXPIRY | STAMP | ACCESS) << 8);
    }

    /** The bytes that a record takes; {@code valueLength} matters only for EMBSTR, RAW and INTS. */
    public static long sizeFor(int shape, int keyLength, long valueLength) {
        int header = withLengths(shape, keyLength, valueLength);
        return KEY_OFFSET[layout(header)] + (long) keyLength + valueBytes(header, valueLength);
    }

    /**
     * Allocates a record and copies its key in. Expiry, stamp and access field are zero; the value
     * is whatever the memory held.
     *
     * @param valueLength the length of the value for EMBSTR, RAW and INTS; ignored otherwise
     */
    public static long create(
            Allocator allocator, int shape, long keyAddress, int keyLength, long valueLength) {
        int header = withLengths(shape, keyLength, valueLength);
        int layout = layout(header);
        int keyOffset = KEY_OFFSET[layout];
        long record =
                allocator.allocate(keyOffset + (long) keyLength + valueBytes(header, valueLength));
        Memory.putShort(record, (short) header);
        long at = record + 2;
        if ((layout & LONG_KEY) != 0) {
            Memory.putInt(at, keyLength);
            at += 4;
        } else {
            Memory.putByte(at++, (byte) keyLength);
        }
        if ((layout & SIZED) != 0) {
            if ((layout & LONG_VALUE) != 0) {
                Memory.putInt(at, (int) valueLength);
                at += 4;
            } else {
                Memory.putByte(at++, (byte) valueLength);
            }
        }
        Memory.fill(at, record + keyOffset - at, (byte) 0);
        Memory.copy(keyAddress, record + keyOffset, keyLength);
        return record;
    }

    /** The bytes to give to {@link Allocator#free}. */
    public static long sizeOf(long record) {
        int layout = layout(record);
        return KEY_OFFSET[layout] + (long) keyLength(record) + valueLength(record);
    }

    /**
     * Gives the value of an EMBSTR, RAW or INTS record another length where it is, as far as its
     * cell allows; gives whether it did.
     */
    public static boolean resizeInPlace(Allocator allocator, long record, long valueLength) {
        int header = Memory.getShort(record);
        boolean isLong = (header >>> 8 & LONG_VALUE) != 0;
        if (!isSized(header) || isLong != (valueLength > LONGEST_SHORT)) {
            return false;
        }
        long old = sizeOf(record);
        if (!allocator.resize(record, old, old - valueLength(record) + valueLength)) {
            return false;
        }
        long at = record + ((header >>> 8 & LONG_KEY) != 0 ? 6 : 3);
        if (isLong) {
            Memory.putInt(at, (int) valueLength);
        } else {
            Memory.putByte(at, (byte) valueLength);
        }
        return true;
    }

    /** Whether the value of that encoding lies apart from the record. */
    public static boolean isLarge(int encoding) {
        return encoding == LARGE || encoding == LARGE_INTS;
    }

    public static int type(long record) {
        return Memory.getByte(record) & 15;
    }

    public static int encoding(long record) {
        return Memory.getByte(record) >>> 4 & 15;
    }

    public static long keyAddress(long record) {
        return record + KEY_OFFSET[layout(record)];
    }

    public static int keyLength(long record) {
        return (Memory.getByte(record + 1) & LONG_KEY) != 0
                ? Memory.getInt(record + 2)
                : Memory.getByte(record + 2) & 0xff;
    }

    public static long valueAddress(long record) {
        return keyAddress(record) + keyLength(record);
    }

    /** The length of the value as it lies in the record. */
    public static long valueLength(long record) {
        int header = Memory.getShort(record);
        if (!isSized(header)) {
            return valueBytes(header, 0);
        }
        long at = record + ((header >>> 8 & LONG_KEY) != 0 ? 6 : 3);
        return (header >>> 8 & LONG_VALUE) != 0 ? Memory.getInt(at) : Memory.getByte(at) & 0xff;
    }

    /** The number in an INT record. */
    public static long number(long record) {
        return Memory.getLong(valueAddress(record));
    }

    public static void setNumber(long record, long number) {
        Memory.putLong(valueAddress(record), number);
    }

    /** Where the bytes of a LARGE record lie. */
    public static long largeAddress(long record) {
        return Memory.getLong(valueAddress(record));
    }

    public static long largeLength(long record) {
        return Memory.getLong(valueAddress(record) + 8);
    }

    public static long largeCapacity(long record) {
        return Memory.getLong(valueAddress(record) + 16);
    }

    public static void setLarge(long record, long address, long length, long capacity) {
        long value = valueAddress(record);
        Memory.putLong(value, address);
        Memory.putLong(value + 8, length);
        Memory.putLong(value + 16, capacity);
    }

    public static boolean hasExpiry(long record) {
        return (Memory.getByte(record + 1) & EXPIRY) != 0;
    }

    /** When the record expires, unix milliseconds; -1 when it has no such field. */
    public static long expiry(long record) {
        return hasExpiry(record) ? Memory.getLong(record + FIELDS_OFFSET[layout(record)]) : -1;
    }

    /** Only for a record with the field. */
    public static void setExpiry(long record, long unixMillis) {
        assert hasExpiry(record);
        Memory.putLong(record + FIELDS_OFFSET[layout(record)], unixMillis);
    }

    public static boolean hasStamp(long record) {
        return (Memory.getByte(record + 1) & STAMP) != 0;
    }

    /** The stamp of the last write; 0 when the record has no such field. */
    public static long stamp(long record) {
        return hasStamp(record) ? Memory.getLong(stampAddress(record)) : 0;
    }

    /** The index of the node that the stamp is from; 0 when the record has no stamp. */
    public static int origin(long record) {
        return hasStamp(record) ? Memory.getShort(stampAddress(record) + 8) & 0xffff : 0;
    }

    /** Only for a record with the field. */
    public static void setStamp(long record, long stamp, int origin) {
        assert hasStamp(record);
        long address = stampAddress(record);
        Memory.putLong(address, stamp);
        Memory.putShort(address + 8, (short) origin);
    }

    public static boolean hasAccess(long record) {
        return (Memory.getByte(record + 1) & ACCESS) != 0;
    }

    /** The access field, 24 bits; 0 when the record has none. */
    public static int access(long record) {
        if (!hasAccess(record)) {
            return 0;
        }
        long address = record + ACCESS_OFFSET[layout(record)];
        return (Memory.getShort(address) & 0xffff) | (Memory.getByte(address + 2) & 0xff) << 16;
    }

    /** Only for a record with the field. */
    public static void setAccess(long record, int access) {
        assert hasAccess(record);
        long address = record + ACCESS_OFFSET[layout(record)];
        Memory.putShort(address, (short) access);
        Memory.putByte(address + 2, (byte) (access >>> 16));
    }

    /**
     * Whether members of the record's collection expire, or it is a job that is run; a mark that
     * takes no memory.
     */
    public static boolean membersExpire(long record) {
        return (Memory.getByte(record + 1) & MEMBERS_EXPIRE) != 0;
    }

    public static void setMembersExpire(long record, boolean expire) {
        int presence = Memory.getByte(record + 1) & ~MEMBERS_EXPIRE;
        Memory.putByte(record + 1, (byte) (expire ? presence | MEMBERS_EXPIRE : presence));
    }

    private static long stampAddress(long record) {
        int layout = layout(record);
        return record + FIELDS_OFFSET[layout] + ((layout & EXPIRY) != 0 ? 8 : 0);
    }

    private static int withLengths(int shape, int keyLength, long valueLength) {
        int header = shape;
        if (keyLength > LONGEST_SHORT) {
            header |= LONG_KEY << 8;
        }
        if (valueLength > LONGEST_SHORT && isSized(shape)) {
            header |= LONG_VALUE << 8;
        }
        return header;
    }

    private static int layout(long record) {
        return layout((int) Memory.getShort(record));
    }

    private static int layout(int header) {
        return (header >>> 8 & PRESENCE_MASK) | (isSized(header) ? SIZED : 0);
    }

    private static boolean isSized(int header) {
        int encoding = header >>> 4 & 15;
        return encoding == EMBSTR || encoding == RAW || encoding == INTS;
    }

    private static long valueBytes(int header, long valueLength) {
        return switch (header >>> 4 & 15) {
            case INT -> 8;
            case LARGE, LARGE_INTS -> LARGE_BYTES;
            case EMPTY -> 0;
            default -> valueLength;
        };
    }
}
