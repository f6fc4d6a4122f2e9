package io.keydb.server.resp;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;

/**
 * One request: a list of arguments, each an address and a length. The bytes belong to somebody
 * else, usually the input buffer of a connection, and are valid until the handler of the request
 * returns, or until the connection is resumed when it was paused.
 *
 * <p>The object is reusable. Its table of arguments lies off-heap, so that a request of a million
 * arguments costs the Java heap nothing; {@link #close()} gives the table back.
 *
 * <pre>
 * table:  | address 8 | length 4 | - 4 |   16 bytes for each argument
 * </pre>
 *
 * <p>Threads: confined to whoever handles the request.
 */
public final class Request implements AutoCloseable {

    private static final int ENTRY = 16;
    private static final int LENGTH = 8;
    private static final int INITIAL_CAPACITY = 8;

    /** A larger table is given back when the request is done. */
    private static final int KEPT_CAPACITY = 1024;

    private long table;
    private int capacity;
    private int count;
    private long encodedAddress;
    private long encodedLength;

    /** The number of arguments, the command's name included. */
    public int count() {
        return count;
    }

    public long address(int index) {
        assert index >= 0 && index < count : index;
        return Memory.getLong(table + (long) index * ENTRY);
    }

    public int length(int index) {
        assert index >= 0 && index < count : index;
        return Memory.getInt(table + (long) index * ENTRY + LENGTH);
    }

    /** A copy of one argument. */
    public byte[] bytes(int index) {
        return Memory.bytes(address(index), length(index));
    }

    /**
     * Where the request lies as a canonical RESP array of bulk strings, byte for byte what encoding
     * its arguments would give. Meaningful while {@link #encodedLength()} is positive.
     */
    public long encodedAddress() {
        return encodedAddress;
    }

    /**
     * Length of the encoded form, or 0 when there is none: an inline request, or one put together
     * by hand.
     */
    public long encodedLength() {
        return encodedLength;
    }

    void encoded(long address, long length) {
        encodedAddress = address;
        encodedLength = length;
    }

    /** Appends an argument. */
    public void add(long address, int length) {
        if (count == capacity) {
            grow();
        }
        long entry = table + (long) count * ENTRY;
        Memory.putLong(entry, address);
        Memory.putInt(entry + LENGTH, length);
        count++;
    }

    private void grow() {
        if (capacity == 0) {
            table = NativeHeap.allocate((long) INITIAL_CAPACITY * ENTRY);
            capacity = INITIAL_CAPACITY;
        } else {
            int larger = Math.multiplyExact(capacity, 2);
            table = NativeHeap.reallocate(table, (long) capacity * ENTRY, (long) larger * ENTRY);
            capacity = larger;
        }
    }

    /** Replaces all arguments. */
    public void set(int count, long[] addresses, int[] lengths) {
        clear();
        for (int i = 0; i < count; i++) {
            add(addresses[i], lengths[i]);
        }
    }

    /** Forgets all arguments. */
    public void clear() {
        count = 0;
        encodedLength = 0;
        if (capacity > KEPT_CAPACITY) {
            close();
        }
    }

    /** Tells that the bytes have moved by {@code distance}. */
    void moved(long distance) {
        for (int i = 0; i < count; i++) {
            long entry = table + (long) i * ENTRY;
            Memory.putLong(entry, Memory.getLong(entry) + distance);
        }
    }

    /** Gives the table back; the request is empty and may be used again. */
    @Override
    public void close() {
        if (capacity > 0) {
            NativeHeap.free(table, (long) capacity * ENTRY);
        }
        table = 0;
        capacity = 0;
        count = 0;
        encodedLength = 0;
    }
}
