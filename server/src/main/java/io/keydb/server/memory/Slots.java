package io.keydb.server.memory;

import io.keydb.server.support.Crc16;

/**
 * The cluster slot of a key: CRC16 of the key, or of its hash tag, modulo 16384. The hash tag is
 * what stands between the first <code>{</code> and the first <code>}</code> behind it, unless that
 * is nothing.
 *
 * <p>Threads: stateless.
 */
public final class Slots {

    public static final int COUNT = 16384;

    private static final long EACH_BYTE = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Slots() {}

    public static int slotOf(long address, int length) {
        int open = indexOf('{', address, 0, length);
        if (open >= 0) {
            int close = indexOf('}', address, open + 1, length);
            if (close > open + 1) {
                return crc(address + open + 1, close - open - 1);
            }
        }
        return crc(address, length);
    }

    private static int crc(long address, int length) {
        return Crc16.of(Memory.ALL, address, length) & COUNT - 1;
    }

    /** Where a byte stands, eight bytes per step; -1 when it does not occur. */
    private static int indexOf(char wanted, long address, int from, int length) {
        int i = from;
        long pattern = wanted * EACH_BYTE;
        for (; i + 8 <= length; i += 8) {
            long difference = Memory.getLong(address + i) ^ pattern;
            long zeroBytes = difference - EACH_BYTE & ~difference & HIGH_BITS;
            if (zeroBytes != 0) {
                return i + (Long.numberOfTrailingZeros(zeroBytes) >>> 3);
            }
        }
        for (; i < length; i++) {
            if (Memory.getByte(address + i) == wanted) {
                return i;
            }
        }
        return -1;
    }
}
