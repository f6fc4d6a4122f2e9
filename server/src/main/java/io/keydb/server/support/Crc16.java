package io.keydb.server.support;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * CRC16 in its XMODEM variant (polynomial 0x1021, start 0), the one that assigns keys to cluster
 * slots. Takes eight bytes per step.
 *
 * <p>Threads: immutable.
 */
public final class Crc16 {

    private static final int POLYNOMIAL = 0x1021;
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Entry {@code k * 256 + b}: the checksum of byte b followed by k zero bytes. */
    private static final char[] TABLE = new char[8 * 256];

    static {
        for (int b = 0; b < 256; b++) {
            int crc = b << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? crc << 1 ^ POLYNOMIAL : crc << 1;
            }
            TABLE[b] = (char) crc;
        }
        for (int i = 256; i < TABLE.length; i++) {
            int crc = TABLE[i - 256];
            TABLE[i] = (char) (crc << 8 ^ TABLE[crc >>> 8]);
        }
    }

    private Crc16() {}

    public static int of(byte[] bytes) {
        return of(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    public static int of(MemorySegment segment, long offset, int length) {
        int crc = 0;
        long at = offset;
        int left = length;
        for (; left >= 8; left -= 8) {
            long word = segment.get(LONG, at);
            crc =
                    TABLE[7 * 256 + (((int) word & 0xff) ^ crc >>> 8)]
                            ^ TABLE[6 * 256 + (((int) (word >>> 8) & 0xff) ^ (crc & 0xff))]
                            ^ TABLE[5 * 256 + ((int) (word >>> 16) & 0xff)]
                            ^ TABLE[4 * 256 + ((int) (word >>> 24) & 0xff)]
                            ^ TABLE[3 * 256 + ((int) (word >>> 32) & 0xff)]
                            ^ TABLE[2 * 256 + ((int) (word >>> 40) & 0xff)]
                            ^ TABLE[256 + ((int) (word >>> 48) & 0xff)]
                            ^ TABLE[(int) (word >>> 56) & 0xff];
            at += 8;
        }
        for (; left > 0; left--) {
            int index = crc >>> 8 ^ (segment.get(ValueLayout.JAVA_BYTE, at++) & 0xff);
            crc = (crc << 8 & 0xffff) ^ TABLE[index];
        }
        return crc;
    }
}
