package io.keydb.server.structure;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;

/**
 * A sequence of short elements as one run of bytes: what small collections and the leaves of lists
 * and streams are made of. Text that spells an integer is kept as an integer; an element's text
 * form is the same either way. The bytes are those of stock's listpack, so dumps need no
 * conversion.
 *
 * <pre>
 *   0   bytes in all, this header and the end included     4
 *   4   number of entries; 65535: count them               2
 *   6   entries, see {@link ListpackEntry}
 *       0xff                                               1
 * </pre>
 *
 * <p>All methods take the address of the listpack ({@code lp}) and of its entries; 0 is no entry.
 * Nothing is allocated here: who makes a listpack longer sees to it that there is room for the
 * bytes of {@link #sizeOf}. Any change invalidates the addresses of entries behind it.
 *
 * <p>Nothing is checked either, except by {@link #isValid}, which bytes from outside must pass
 * first. Behind it, every walk stays within the bytes.
 *
 * <p>Threads: stateless; a listpack is confined to the partition lock.
 */
public final class Listpack {

    /** The size of a listpack without entries. */
    public static final int EMPTY_BYTES = 7;

    /** The most bytes a listpack may have. */
    public static final int LONGEST = 1 << 30;

    private static final int HEADER_BYTES = 6;
    private static final int COUNT = 4;
    private static final int UNKNOWN = 0xffff;
    private static final byte END = (byte) 0xff;

    private Listpack() {}

    /** Makes an empty listpack of {@link #EMPTY_BYTES} bytes. */
    public static void initialise(long lp) {
        Memory.putInt(lp, EMPTY_BYTES);
        Memory.putShort(lp + COUNT, (short) 0);
        Memory.putByte(lp + HEADER_BYTES, END);
    }

    /** The bytes in all. */
    public static int bytes(long lp) {
        return Memory.getInt(lp);
    }

    /**
     * The number of entries. Beyond 65534 they have to be counted; when they have become fewer than
     * that, the header learns their number.
     */
    public static int count(long lp) {
        int known = Memory.getShort(lp + COUNT) & UNKNOWN;
        if (known != UNKNOWN) {
            return known;
        }
        int count = 0;
        for (long e = first(lp); e != 0; e = next(lp, e)) {
            count++;
        }
        if (count < UNKNOWN) {
            Memory.putShort(lp + COUNT, (short) count);
        }
        return count;
    }

    public static long first(long lp) {
        return orNone(lp + HEADER_BYTES);
    }

    public static long last(long lp) {
        return previous(lp, end(lp));
    }

    public static long next(@SuppressWarnings("unused") long lp, long e) {
        return orNone(e + ListpackEntry.bytes(e));
    }

    public static long previous(long lp, long e) {
        return e == lp + HEADER_BYTES ? 0 : e - ListpackEntry.bytesBefore(e);
    }

    /** The entry at a position; negative ones count from the end, -1 being the last. */
    public static long at(long lp, long index) {
        int known = Memory.getShort(lp + COUNT) & UNKNOWN;
        long position = index;
        if (known != UNKNOWN) {
            if (index >= known || index < -known) {
                return 0;
            }
            // the nearer end
            if (index >= 0 && index > known / 2) {
                position = index - known;
            } else if (index < -known / 2) {
                position = index + known;
            }
        }
        return position >= 0 ? fromFront(lp, position) : fromEnd(lp, -position - 1);
    }

    private static long fromFront(long lp, long steps) {
        long e = first(lp);
        for (long i = 0; i < steps && e != 0; i++) {
            e = next(lp, e);
        }
        return e;
    }

    private static long fromEnd(long lp, long steps) {
        long e = last(lp);
        for (long i = 0; i < steps && e != 0; i++) {
            e = previous(lp, e);
        }
        return e;
    }

    /** Whether an entry is kept as an integer. */
    public static boolean isInteger(long e) {
        return ListpackEntry.isInteger(e);
    }

    /** The value of an entry kept as an integer. */
    public static long integer(long e) {
        return ListpackEntry.integer(e);
    }

    /** Where the bytes of an entry lie that is not kept as an integer. */
    public static long textAddress(long e) {
        return e + ListpackEntry.textOffset(e);
    }

    /** The number of bytes of an entry that is not kept as an integer. */
    public static int textLength(long e) {
        return ListpackEntry.textLength(e);
    }

    /** The length of the text form of any entry. */
    public static int length(long e) {
        return isInteger(e) ? DecimalText.length(integer(e)) : textLength(e);
    }

    /** The bytes that an entry takes, by which the listpack shrinks without it. */
    public static int entryBytes(long e) {
        return ListpackEntry.bytes(e);
    }

    /** Whether the text form of an entry is this text. */
    public static boolean sameAs(long e, long address, long length) {
        if (!isInteger(e)) {
            return textLength(e) == length && Memory.equal(textAddress(e), address, length);
        }
        long value = DecimalText.parse(address, length);
        return value == integer(e) && spells(value, address, length);
    }

    /**
     * The first entry from {@code from} on whose text form is this text.
     *
     * @param from an entry; 0: nothing is found
     * @param skip how many entries to pass over between two that are compared: 1 looks at the
     *     fields of pairs only
     */
    public static long find(
            @SuppressWarnings("unused") long lp, long from, long address, int length, int skip) {
        if (from == 0) {
            return 0;
        }
        long value = DecimalText.parse(address, length);
        boolean integer = spells(value, address, length);
        int toSkip = 0;
        for (long e = from; Memory.getByte(e) != END; e += ListpackEntry.bytes(e)) {
            if (toSkip > 0) {
                toSkip--;
                continue;
            }
            if (ListpackEntry.isInteger(e)) {
                if (integer && ListpackEntry.integer(e) == value) {
                    return e;
                }
            } else if (ListpackEntry.textLength(e) == length
                    && Memory.equal(textAddress(e), address, length)) {
                return e;
            }
            toSkip = skip;
        }
        return 0;
    }

    /** The bytes that text takes as an entry. */
    public static int sizeOf(long address, int length) {
        long value = DecimalText.parse(address, length);
        return spells(value, address, length)
                ? ListpackEntry.integerBytes(value)
                : ListpackEntry.textBytes(length);
    }

    /** The bytes that an integer takes as an entry. */
    public static int sizeOf(long integer) {
        return ListpackEntry.integerBytes(integer);
    }

    /**
     * Inserts text.
     *
     * @param at the entry it comes before; 0: the end
     * @return the new entry
     */
    public static long insert(long lp, long at, long address, int length) {
        long value = DecimalText.parse(address, length);
        if (spells(value, address, length)) {
            return insert(lp, at, value);
        }
        long e = gap(lp, at, ListpackEntry.textBytes(length), 1);
        ListpackEntry.writeText(e, address, length);
        return e;
    }

    /** Inserts an integer; otherwise as {@link #insert(long, long, long, int)}. */
    public static long insert(long lp, long at, long integer) {
        long e = gap(lp, at, ListpackEntry.integerBytes(integer), 1);
        ListpackEntry.writeInteger(e, integer);
        return e;
    }

    /**
     * Inserts entries of another listpack, which lie one after the other.
     *
     * @param at the entry they come before; 0: the end
     * @param entries where the first of them lies
     * @param bytes what they take together
     * @param number how many they are
     */
    public static void insertEntries(long lp, long at, long entries, int bytes, int number) {
        Memory.copy(entries, gap(lp, at, bytes, number), bytes);
    }

    public static long append(long lp, long address, int length) {
        return insert(lp, 0, address, length);
    }

    public static long append(long lp, long integer) {
        return insert(lp, 0, integer);
    }

    /** Puts text in the place of an entry; returns the entry, at the same address. */
    public static long replace(long lp, long e, long address, int length) {
        long value = DecimalText.parse(address, length);
        if (spells(value, address, length)) {
            return replace(lp, e, value);
        }
        resize(lp, e, ListpackEntry.textBytes(length));
        ListpackEntry.writeText(e, address, length);
        return e;
    }

    /** Puts an integer in the place of an entry; returns the entry, at the same address. */
    public static long replace(long lp, long e, long integer) {
        resize(lp, e, ListpackEntry.integerBytes(integer));
        ListpackEntry.writeInteger(e, integer);
        return e;
    }

    /**
     * Removes entries: from {@code e} on as many as asked for, or to the end.
     *
     * @return the entry behind them, which lies where they began; 0 when there is none
     */
    public static long remove(long lp, long e, int entries) {
        long behind = e;
        int removed = 0;
        while (removed < entries && Memory.getByte(behind) != END) {
            behind += ListpackEntry.bytes(behind);
            removed++;
        }
        shift(lp, behind, (int) (e - behind));
        int known = Memory.getShort(lp + COUNT) & UNKNOWN;
        if (known != UNKNOWN) {
            Memory.putShort(lp + COUNT, (short) (known - removed));
        }
        return orNone(e);
    }

    /**
     * Whether foreign bytes are a listpack that can be used without danger: sizes, both lengths of
     * each entry, the number of entries and the end agree. Reads nothing beyond {@code bytes}.
     */
    public static boolean isValid(long lp, long bytes) {
        if (bytes < EMPTY_BYTES || bytes > LONGEST || Memory.getInt(lp) != bytes) {
            return false;
        }
        long end = lp + bytes - 1;
        long e = lp + HEADER_BYTES;
        int count = 0;
        while (e < end) {
            long next = ListpackEntry.checkedNext(e, end);
            if (next == 0) {
                return false;
            }
            e = next;
            count++;
        }
        int known = Memory.getShort(lp + COUNT) & UNKNOWN;
        return Memory.getByte(end) == END && (known == UNKNOWN || known == count);
    }

    /** Whether text that {@link DecimalText#parse} gave {@code value} for is an integer. */
    private static boolean spells(long value, long address, long length) {
        return value != DecimalText.NONE || DecimalText.isLeast(address, length);
    }

    private static long orNone(long e) {
        return Memory.getByte(e) == END ? 0 : e;
    }

    private static long end(long lp) {
        return lp + bytes(lp) - 1;
    }

    /** Makes room for new entries and returns where. */
    private static long gap(long lp, long at, int bytes, int entries) {
        long e = at == 0 ? end(lp) : at;
        shift(lp, e, bytes);
        int known = Memory.getShort(lp + COUNT) & UNKNOWN;
        if (known != UNKNOWN) {
            Memory.putShort(lp + COUNT, (short) Math.min(known + entries, UNKNOWN));
        }
        return e;
    }

    private static void resize(long lp, long e, int bytes) {
        int old = ListpackEntry.bytes(e);
        if (old != bytes) {
            shift(lp, e + old, bytes - old);
        }
    }

    /** Moves all from {@code from} to the end. */
    private static void shift(long lp, long from, int distance) {
        int bytes = bytes(lp);
        Memory.copy(from, from + distance, lp + bytes - from);
        Memory.putInt(lp, bytes + distance);
    }
}
