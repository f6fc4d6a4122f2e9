package io.keydb.server.persistence.rdb;

import io.keydb.server.memory.Memory;
import io.keydb.server.value.Element;

/**
 * The fields and values, in turn, of a zipmap, which servers before 2.6 wrote.
 *
 * <pre>
 *   number of fields, 254 and more: count them      1
 *   length of the field, field, length of the value, unused bytes (1), value, unused bytes
 *   ...
 *   0xff
 *
 *   length   one byte, or 0xfe and four
 * </pre>
 *
 * <p>Threads: confined to the reader.
 */
final class ZipmapElements implements PackedElements {
    private static final int END = 0xff;
    private static final int LONG_LENGTH = 0xfe;

    private final Element checked = new Element();
    private long end;
    private long at;
    private boolean valueIsNext;

    @Override
    public void open(long address, long length) throws RdbException {
        require(length >= 2);
        end = address + length - 1;
        require((Memory.getByte(end) & 0xff) == END);
        at = address + 1;
        valueIsNext = false;
        int count = 0;
        while (at < end) {
            require(step(checked));
            count++;
        }
        require(at == end && !valueIsNext);
        int stated = Memory.getByte(address) & 0xff;
        require(stated >= LONG_LENGTH || stated == count / 2);
        at = address + 1;
    }

    @Override
    public boolean next(Element to) {
        return at < end && step(to);
    }

    private boolean step(Element to) {
        int first = Memory.getByte(at) & 0xff;
        int lengthBytes = first < LONG_LENGTH ? 1 : 5;
        int unusedBytes = valueIsNext ? 1 : 0;
        if (first == END || end - at < lengthBytes + unusedBytes) {
            return false;
        }
        long length = lengthBytes == 1 ? first : Memory.getInt(at + 1) & 0xffffffffL;
        long address = at + lengthBytes + unusedBytes;
        long unused = valueIsNext ? Memory.getByte(address - 1) & 0xff : 0;
        if (end - address < length + unused) {
            return false;
        }
        to.set(address, (int) length);
        at = address + length + unused;
        valueIsNext = !valueIsNext;
        return true;
    }

    private static void require(boolean holds) throws RdbException {
        if (!holds) {
            throw new RdbException("a damaged zipmap");
        }
    }
}
