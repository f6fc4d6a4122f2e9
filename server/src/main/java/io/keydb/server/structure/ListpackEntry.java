package io.keydb.server.structure;

import io.keydb.server.memory.Memory;

/**
 * The byte layout of one entry of a {@link Listpack}.
 *
 * <pre>
 *   first byte    then               element
 *   0xxxxxxx      -                  integer from 0 to 127
 *   10xxxxxx      text               text of up to 63 bytes
 *   110xxxxx      1 byte             integer of 13 bits, the high ones first
 *   1110xxxx      1 byte, text       text of up to 4095 bytes, the high bits of the length first
 *   11110000      4 bytes, text      text of any length
 *   11110001..4   2, 3, 4, 8 bytes   integer of that width
 *   11111111      -                  no entry: the end of the listpack
 * </pre>
 *
 * <p>Behind each comes its own length in 1 to 5 bytes of 7 bits, to be read backwards: all but the
 * first in memory have the top bit set. Lengths and integers are little-endian unless said
 * otherwise.
 *
 * <p>Threads: stateless.
 */
final class ListpackEntry {

    private static final int SHORT_TEXT = 0x80;
    private static final int SHORT_INTEGER = 0xc0;
    private static final int MIDDLE_TEXT = 0xe0;
    private static final int LONG_TEXT = 0xf0;
    private static final int INTEGER_16 = 0xf1;
    private static final int INTEGER_24 = 0xf2;
    private static final int INTEGER_32 = 0xf3;
    private static final int INTEGER_64 = 0xf4;

    private static final int LONGEST_SHORT_TEXT = 63;
    private static final int LONGEST_MIDDLE_TEXT = 4095;

    private ListpackEntry() {}

    static boolean isInteger(long e) {
        int kind = Memory.getByte(e) & 0xff;
        return kind < SHORT_TEXT || kind > LONG_TEXT || (kind & 0xe0) == SHORT_INTEGER;
    }

    static long integer(long e) {
        int kind = Memory.getByte(e) & 0xff;
        if (kind < SHORT_TEXT) {
            return kind;
        }
        return switch (kind) {
            case INTEGER_16 -> Memory.getShort(e + 1);
            case INTEGER_24 -> Memory.getInt(e) >> 8;
            case INTEGER_32 -> Memory.getInt(e + 1);
            case INTEGER_64 -> Memory.getLong(e + 1);
            default -> (kind << 8 | (Memory.getByte(e + 1) & 0xff)) << 19 >> 19;
        };
    }

    static int textOffset(long e) {
        int kind = Memory.getByte(e) & 0xff;
        if (kind < SHORT_INTEGER) {
            return 1;
        }
        return kind < LONG_TEXT ? 2 : 5;
    }

    static int textLength(long e) {
        int kind = Memory.getByte(e) & 0xff;
        if (kind < SHORT_INTEGER) {
            return kind & LONGEST_SHORT_TEXT;
        }
        return kind < LONG_TEXT
                ? (kind & 0xf) << 8 | (Memory.getByte(e + 1) & 0xff)
                : Memory.getInt(e + 1);
    }

    /** The bytes of the entry, the length behind it included. */
    static int bytes(long e) {
        int kind = Memory.getByte(e) & 0xff;
        if (kind < SHORT_TEXT) {
            return 2;
        }
        if (kind < SHORT_INTEGER) {
            return 2 + (kind & LONGEST_SHORT_TEXT);
        }
        int bytes = (int) bytesByLength(e, kind);
        return bytes + backBytes(bytes);
    }

    /** Without the length behind it, of an entry that is longer than its first byte says. */
    private static long bytesByLength(long e, int kind) {
        return switch (kind) {
            case LONG_TEXT -> 5 + (Memory.getInt(e + 1) & 0xffffffffL);
            case INTEGER_16 -> 3;
            case INTEGER_24 -> 4;
            case INTEGER_32 -> 5;
            case INTEGER_64 -> 9;
            default ->
                    kind < MIDDLE_TEXT
                            ? 2
                            : 2 + ((kind & 0xf) << 8 | (Memory.getByte(e + 1) & 0xff));
        };
    }

    /** The bytes of the entry that ends here. */
    static int bytesBefore(long e) {
        int last = Memory.getByte(e - 1);
        if (last >= 0) {
            return last + 1;
        }
        int bytes = last & 0x7f;
        long at = e - 1;
        int shift = 0;
        do {
            at--;
            shift += 7;
            last = Memory.getByte(at);
            bytes |= (last & 0x7f) << shift;
        } while (last < 0);
        return bytes + backBytes(bytes);
    }

    static int textBytes(int length) {
        int bytes =
                length + (length <= LONGEST_SHORT_TEXT ? 1 : length <= LONGEST_MIDDLE_TEXT ? 2 : 5);
        return bytes + backBytes(bytes);
    }

    static int integerBytes(long value) {
        if (value >= 0 && value <= 127) {
            return 2;
        }
        if (value >= -4096 && value <= 4095) {
            return 3;
        }
        if (value == (short) value) {
            return 4;
        }
        if (value >= -(1 << 23) && value < 1 << 23) {
            return 5;
        }
        return value == (int) value ? 6 : 10;
    }

    static void writeText(long e, long address, int length) {
        if (length <= LONGEST_SHORT_TEXT) {
            Memory.putByte(e, (byte) (SHORT_TEXT | length));
            Memory.copy(address, e + 1, length);
            Memory.putByte(e + 1 + length, (byte) (1 + length));
            return;
        }
        int offset = 2;
        if (length <= LONGEST_MIDDLE_TEXT) {
            Memory.putByte(e, (byte) (MIDDLE_TEXT | length >> 8));
            Memory.putByte(e + 1, (byte) length);
        } else {
            offset = 5;
            Memory.putByte(e, (byte) LONG_TEXT);
            Memory.putInt(e + 1, length);
        }
        Memory.copy(address, e + offset, length);
        writeBackwards(e + offset + length, offset + length);
    }

    static void writeInteger(long e, long value) {
        int bytes = integerBytes(value) - 1;
        switch (bytes) {
            case 1 -> Memory.putByte(e, (byte) value);
            case 2 -> {
                Memory.putByte(e, (byte) (SHORT_INTEGER | (value >> 8 & 0x1f)));
                Memory.putByte(e + 1, (byte) value);
            }
            case 3 -> {
                Memory.putByte(e, (byte) INTEGER_16);
                Memory.putShort(e + 1, (short) value);
            }
            case 4 -> Memory.putInt(e, (int) value << 8 | INTEGER_24);
            case 5 -> {
                Memory.putByte(e, (byte) INTEGER_32);
                Memory.putInt(e + 1, (int) value);
            }
            default -> {
                Memory.putByte(e, (byte) INTEGER_64);
                Memory.putLong(e + 1, value);
            }
        }
        Memory.putByte(e + bytes, (byte) bytes);
    }

    /**
     * Where the entry after one of foreign bytes begins, or 0 when this one is none or does not end
     * before {@code end}.
     */
    static long checkedNext(long e, long end) {
        int kind = Memory.getByte(e) & 0xff;
        if (kind > INTEGER_64) {
            return 0;
        }
        long bytes = 1;
        if (kind >= SHORT_INTEGER) {
            int lengthBytes = kind == LONG_TEXT ? 5 : kind < LONG_TEXT ? 2 : 1;
            if (e + lengthBytes > end) {
                return 0;
            }
            bytes = bytesByLength(e, kind);
        } else if (kind >= SHORT_TEXT) {
            bytes = 1 + (kind & LONGEST_SHORT_TEXT);
        }
        if (e + bytes >= end) {
            return 0;
        }
        int back = backBytes((int) bytes);
        return e + bytes + back <= end && isBackwards(e + bytes, (int) bytes, back)
                ? e + bytes + back
                : 0;
    }

    /**
     * How many bytes the length behind an entry takes. Stock goes to one more byte a single value
     * too early; dumps depend on it.
     */
    private static int backBytes(int bytes) {
        if (bytes <= 127) {
            return 1;
        }
        if (bytes < (1 << 14) - 1) {
            return 2;
        }
        if (bytes < (1 << 21) - 1) {
            return 3;
        }
        return bytes < (1 << 28) - 1 ? 4 : 5;
    }

    private static void writeBackwards(long at, int bytes) {
        int back = backBytes(bytes);
        for (int i = 0; i < back; i++) {
            Memory.putByte(at + i, backByte(bytes, back, i));
        }
    }

    private static boolean isBackwards(long at, int bytes, int back) {
        for (int i = 0; i < back; i++) {
            if (Memory.getByte(at + i) != backByte(bytes, back, i)) {
                return false;
            }
        }
        return true;
    }

    private static byte backByte(int bytes, int back, int index) {
        int bits = (bytes >>> (7 * (back - 1 - index))) & 0x7f;
        return (byte) (index == 0 ? bits : bits | 0x80);
    }
}
