package io.keydb.server.persistence.rdb;

import io.keydb.server.memory.Memory;
import io.keydb.server.value.Element;

/**
 * The elements of a ziplist, which servers before 7.0 wrote and KeyDB writes.
 *
 * <pre>
 *   0   bytes in all                             4
 *   4   offset of the last entry                 4
 *   8   number of entries; 65535: count them     2
 *   10  entries
 *       0xff                                     1
 *
 *   entry   length of the entry before   1, or 0xfe and 4
 *           00pppppp                     text of p bytes follows
 *           01pppppp pppppppp            text of p bytes, big-endian
 *           10000000 u32be               text
 *           c0 i16   d0 i32   e0 i64   f0 i24   fe i8
 *           f1 to fd                     0 to 12
 * </pre>
 *
 * <p>Threads: confined to the reader.
 */
final class ZiplistElements implements PackedElements {
    private static final int HEADER = 10;
    private static final int UNKNOWN = 0xffff;
    private static final int END = 0xff;
    private static final int LONG_LENGTH = 0xfe;

    private final Element checked = new Element();
    private long end;
    private long at;

    @Override
    public void open(long address, long length) throws RdbException {
        require(length > HEADER);
        require((Memory.getInt(address) & 0xffffffffL) == length);
        end = address + length - 1;
        require((Memory.getByte(end) & 0xff) == END);
        at = address + HEADER;
        long before = 0;
        long last = at;
        int count = 0;
        while (at < end) {
            last = at;
            checkLengthBefore(before);
            require(step(checked));
            before = at - last;
            count++;
        }
        require(at == end);
        require((Memory.getInt(address + 4) & 0xffffffffL) == last - address);
        int stated = Memory.getShort(address + 8) & UNKNOWN;
        require(stated == UNKNOWN || stated == count);
        at = address + HEADER;
    }

    @Override
    public boolean next(Element to) {
        return at < end && step(to);
    }

    private void checkLengthBefore(long before) throws RdbException {
        int first = Memory.getByte(at) & 0xff;
        require(first != END);
        if (first < LONG_LENGTH) {
            require(first == before);
        } else {
            require(end - at > 5);
            require((Memory.getInt(at + 1) & 0xffffffffL) == before);
        }
    }

    /** Reads the entry here and goes behind it; false when it would leave the bytes. */
    private boolean step(Element to) {
        long body = at + ((Memory.getByte(at) & 0xff) < LONG_LENGTH ? 1 : 5);
        if (body >= end) {
            return false;
        }
        int encoding = Memory.getByte(body) & 0xff;
        return switch (encoding >>> 6) {
            case 0 -> text(to, body + 1, encoding & 63);
            case 1 ->
                    end - body >= 2
                            && text(
                                    to,
                                    body + 2,
                                    (encoding & 63) << 8 | (Memory.getByte(body + 1) & 0xff));
            case 2 ->
                    encoding == 0x80
                            && end - body >= 5
                            && text(
                                    to,
                                    body + 5,
                                    Integer.reverseBytes(Memory.getInt(body + 1)) & 0xffffffffL);
            default -> integer(to, body, encoding);
        };
    }

    private boolean text(Element to, long address, long length) {
        if (end - address < length) {
            return false;
        }
        to.set(address, (int) length);
        at = address + length;
        return true;
    }

    private boolean integer(Element to, long body, int encoding) {
        int bytes =
                switch (encoding) {
                    case 0xc0 -> 2;
                    case 0xd0 -> 4;
                    case 0xe0 -> 8;
                    case 0xf0 -> 3;
                    case 0xfe -> 1;
                    default -> encoding > 0xf0 && encoding < 0xfe ? 0 : END;
                };
        if (end - body - 1 < bytes) {
            return false;
        }
        to.set(bytes == 0 ? (encoding & 15) - 1 : littleEndian(body + 1, bytes));
        at = body + 1 + bytes;
        return true;
    }

    private static long littleEndian(long address, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (Memory.getByte(address + i) & 0xffL) << (8 * i);
        }
        int shift = 64 - 8 * bytes;
        return value << shift >> shift;
    }

    private static void require(boolean holds) throws RdbException {
        if (!holds) {
            throw new RdbException("a damaged ziplist");
        }
    }
}
