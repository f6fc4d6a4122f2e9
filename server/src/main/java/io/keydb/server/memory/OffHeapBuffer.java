package io.keydb.server.memory;

/**
 * A byte buffer outside the Java heap that grows at its end; its content moves when it grows.
 *
 * <p>Threads: confined to whoever owns the buffer.
 */
public final class OffHeapBuffer implements AutoCloseable {

    private static final int SMALLEST = 4096;

    private final Pages pages;
    private long address;
    private long length;
    private long capacity;

    /** An empty buffer; memory is taken with the first byte. */
    public OffHeapBuffer(Pages pages) {
        this.pages = pages;
    }

    /** Where the bytes are now; valid until the next append, clear or close. */
    public long address() {
        return address;
    }

    public long length() {
        return length;
    }

    /** The memory held, used or not. */
    public long capacity() {
        return capacity;
    }

    public void append(long from, long bytes) {
        long to = reserve(bytes);
        Memory.copy(from, to, bytes);
    }

    public void append(byte[] from) {
        append(from, 0, from.length);
    }

    public void append(byte[] from, int offset, int bytes) {
        long to = reserve(bytes);
        Memory.copyIn(from, offset, to, bytes);
    }

    public void appendByte(int value) {
        Memory.putByte(reserve(1), (byte) value);
    }

    public void appendInt(int value) {
        Memory.putInt(reserve(4), value);
    }

    public void appendLong(long value) {
        Memory.putLong(reserve(8), value);
    }

    /**
     * Makes the buffer longer by {@code bytes} of arbitrary content and returns the address of the
     * first of them.
     */
    public long reserve(long bytes) {
        long end = length + bytes;
        if (end > capacity) {
            grow(end);
        }
        long to = address + length;
        length = end;
        return to;
    }

    /** Forgets the bytes; keeps the memory. */
    public void clear() {
        length = 0;
    }

    /** Cuts the buffer to its first {@code newLength} bytes. */
    public void truncate(long newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException(newLength + " of " + length);
        }
        length = newLength;
    }

    /** Frees the memory; the buffer is empty and may be used again. */
    @Override
    public void close() {
        if (capacity > 0) {
            pages.free(address, capacity);
            pages.accountBuffer(-capacity);
        }
        address = 0;
        length = 0;
        capacity = 0;
    }

    private void grow(long needed) {
        long newCapacity =
                Pages.roundUp(Math.max(SMALLEST, Math.max(needed, capacity + capacity / 2)));
        long newAddress = pages.allocate(newCapacity, Pages.NO_OWNER);
        pages.accountBuffer(newCapacity);
        if (capacity > 0) {
            Memory.copy(address, newAddress, length);
            pages.free(address, capacity);
            pages.accountBuffer(-capacity);
        }
        address = newAddress;
        capacity = newCapacity;
    }
}
