package io.keydb.server.persistence.rdb;

import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import io.keydb.server.support.Lzf;
import io.keydb.server.value.Element;

/**
 * Reads the strings of an RDB: as they are, as numbers, or compressed. A compressed string is
 * unpacked into a buffer, where it stays until the next string read by the same object.
 *
 * <p>Threads: confined to the reader.
 */
final class RdbStrings implements AutoCloseable {
    /** A copy of L bytes takes at least 3 bytes for 264: no honest stream expands more. */
    private static final int MOST_EXPANSION = 100;

    private final int longest;
    private final OffHeapBuffer unpacked;
    private final Element element = new Element();

    RdbStrings(Pages pages, int longest) {
        this.longest = longest;
        this.unpacked = new OffHeapBuffer(pages);
    }

    /**
     * The next string; valid until the next call or until the bytes go. When it is not complete,
     * the cursor says so and the element means nothing.
     */
    Element read(RdbCursor in) throws RdbException {
        element.set(0, 0);
        if (!in.has(1)) {
            return element;
        }
        if (in.peek() >>> 6 == RdbFormat.ENCODED) {
            encoded(in, in.next() & 63);
            return element;
        }
        int length = limited(in.length());
        long address = in.address();
        if (in.isWhole() && in.skip(length)) {
            element.set(address, length);
        }
        return element;
    }

    private void encoded(RdbCursor in, int encoding) throws RdbException {
        switch (encoding) {
            case RdbFormat.ENCODED_INT8 -> number(in, 1);
            case RdbFormat.ENCODED_INT16 -> number(in, 2);
            case RdbFormat.ENCODED_INT32 -> number(in, 4);
            case RdbFormat.ENCODED_LZF -> compressed(in);
            default -> throw new RdbException("unknown RDB string encoding " + encoding);
        }
    }

    private void number(RdbCursor in, int bytes) {
        if (in.has(bytes)) {
            int shift = 64 - 8 * bytes;
            element.set(in.littleEndian(bytes) << shift >> shift);
        }
    }

    private void compressed(RdbCursor in) throws RdbException {
        int packedLength = limited(in.length());
        int length = in.isWhole() ? limited(in.length()) : 0;
        if (!in.isWhole() || !in.has(packedLength)) {
            return;
        }
        if (length > (long) packedLength * MOST_EXPANSION + MOST_EXPANSION) {
            throw new RdbException("damaged compressed string");
        }
        byte[] original = new byte[length];
        if (!Lzf.decompress(in.bytes(packedLength), original)) {
            throw new RdbException("damaged compressed string");
        }
        unpacked.clear();
        unpacked.append(original);
        element.set(unpacked.address(), length);
    }

    private int limited(long length) throws RdbException {
        if (length < 0 || length > longest) {
            throw new RdbException("a string of " + Long.toUnsignedString(length) + " bytes");
        }
        return (int) length;
    }

    @Override
    public void close() {
        unpacked.close();
    }
}
