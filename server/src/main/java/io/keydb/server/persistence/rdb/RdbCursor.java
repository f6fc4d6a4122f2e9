package io.keydb.server.persistence.rdb;

import io.keydb.server.memory.Memory;

/**
 * A place in the bytes of an RDB stream that are there. Reading past them yields 0 and makes the
 * element incomplete: {@link #isWhole} turns false until {@link #restart}.
 *
 * <p>Threads: confined to the reader.
 */
final class RdbCursor {
    private long start;
    private long end;
    private long at;
    private long consumed;
    private boolean whole = true;

    /** Points to other bytes. */
    void reset(long address, long length) {
        start = address;
        end = address + length;
        at = address;
        consumed = 0;
        whole = true;
    }

    /** Goes back to the end of the last complete element. */
    void restart() {
        at = start + consumed;
        whole = true;
    }

    /** Notes that all up to here is done with. */
    void markConsumed() {
        consumed = at - start;
    }

    long consumed() {
        return consumed;
    }

    boolean isWhole() {
        return whole;
    }

    boolean has(long bytes) {
        if (end - at < bytes) {
            whole = false;
        }
        return whole;
    }

    boolean skip(long bytes) {
        if (!has(bytes)) {
            return false;
        }
        at += bytes;
        return true;
    }

    int peek() {
        return Memory.getByte(at) & 0xff;
    }

    int next() {
        return Memory.getByte(at++) & 0xff;
    }

    byte[] bytes(int length) {
        byte[] copy = Memory.bytes(at, length);
        at += length;
        return copy;
    }

    long littleEndian(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) next() << (8 * i);
        }
        return value;
    }

    private long bigEndian(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | next();
        }
        return value;
    }

    /**
     * A length; 0 with {@link #isWhole} false when it is not complete. Lengths of 2^63 and more
     * come out negative.
     */
    long length() throws RdbException {
        if (!has(1)) {
            return 0;
        }
        int first = next();
        if (first >>> 6 == 0) {
            return first;
        }
        if (first >>> 6 == RdbFormat.LENGTH_14_BITS) {
            return has(1) ? (long) (first & 63) << 8 | next() : 0;
        }
        if (first == RdbFormat.LENGTH_32_BITS) {
            return has(4) ? bigEndian(4) : 0;
        }
        if (first == RdbFormat.LENGTH_64_BITS) {
            return has(8) ? bigEndian(8) : 0;
        }
        throw new RdbException("unknown RDB length encoding " + first);
    }

    /** Where the next byte is, counted from the start of the bytes. */
    long position() {
        return at - start;
    }

    /** Goes on at a place that was reached before. */
    void position(long position) {
        at = start + position;
        whole = true;
    }

    /** Where the next byte is in memory. */
    long address() {
        return at;
    }

    /** How many bytes are left. */
    long left() {
        return end - at;
    }
}
