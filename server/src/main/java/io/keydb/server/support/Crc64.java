package io.keydb.server.support;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * CRC64 with the polynomial of Jones (0xad93d23594c935a9, reflected, start 0), the checksum of RDB
 * files and DUMP payloads. Takes eight bytes per step.
 *
 * <p>Threads: immutable.
 */
public final class Crc64 {

    /** The polynomial with its bits reversed. */
    private static final long POLYNOMIAL = 0x95ac9329ac4bc9b5L;

    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Entry {@code k * 256 + b}: the checksum of byte b followed by k zero bytes. */
    private static final long[] TABLE = new long[8 * 256];

    static {
        for (int b = 0; b < 256; b++) {
            long crc = b;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
            }
            TABLE[b] = crc;
        }
        for (int i = 256; i < TABLE.length; i++) {
            long crc = TABLE[i - 256];
            TABLE[i] = crc >>> 8 ^ TABLE[(int) crc & 0xff];
        }
    }

    private Crc64() {}

    public static long of(byte[] bytes) {
        return update(0, bytes, 0, bytes.length);
    }

    /** The checksum of what {@code crc} is the checksum of, followed by these bytes. */
    public static long update(long crc, byte[] bytes, int offset, int length) {
        return update(crc, MemorySegment.ofArray(bytes), offset, length);
    }

    /** The checksum of what {@code crc} is the checksum of, followed by these bytes. */
    public static long update(long crc, MemorySegment segment, long offset, long length) {
        long result = crc;
        long at = offset;
        long left = length;
        for (; left >= 8; left -= 8) {
            long word = segment.get(LONG, at) ^ result;
            result =
                    TABLE[7 * 256 + ((int) word & 0xff)]
                            ^ TABLE[6 * 256 + ((int) (word >>> 8) & 0xff)]
                            ^ TABLE[5 * 256 + ((int) (word >>> 16) & 0xff)]
                            ^ TABLE[4 * 256 + ((int) (word >>> 24) & 0xff)]
                            ^ TABLE[3 * 256 + ((int) (word >>> 32) & 0xff)]
                            ^ TABLE[2 * 256 + ((int) (word >>> 40) & 0xff)]
                            ^ TABLE[256 + ((int) (word >>> 48) & 0xff)]
                            ^ TABLE[(int) (word >>> 56) & 0xff];
            at += 8;
        }
        for (; left > 0; left--) {
            int index = ((int) result ^ segment.get(ValueLayout.JAVA_BYTE, at++)) & 0xff;
            result = result >>> 8 ^ TABLE[index];
        }
        return result;
    }
}
