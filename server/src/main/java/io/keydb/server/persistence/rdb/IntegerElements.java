package io.keydb.server.persistence.rdb;

import io.keydb.server.memory.Memory;
import io.keydb.server.value.Element;

/**
 * The members of a set of integers that was stored as one piece: width (4), number (4), integers in
 * ascending order.
 *
 * <p>Threads: confined to the reader.
 */
final class IntegerElements implements PackedElements {
    private static final int HEADER = 8;

    private long end;
    private long at;
    private int width;

    @Override
    public void open(long address, long length) throws RdbException {
        require(length >= HEADER);
        width = Memory.getInt(address);
        require(width == 2 || width == 4 || width == 8);
        long count = Memory.getInt(address + 4) & 0xffffffffL;
        require(length == HEADER + count * width);
        end = address + length;
        at = address + HEADER;
        for (long i = at + width; i < end; i += width) {
            require(integer(i - width) < integer(i));
        }
    }

    @Override
    public boolean next(Element to) {
        if (at >= end) {
            return false;
        }
        to.set(integer(at));
        at += width;
        return true;
    }

    private long integer(long address) {
        return switch (width) {
            case 2 -> Memory.getShort(address);
            case 4 -> Memory.getInt(address);
            default -> Memory.getLong(address);
        };
    }

    private static void require(boolean holds) throws RdbException {
        if (!holds) {
            throw new RdbException("a damaged set of integers");
        }
    }
}
