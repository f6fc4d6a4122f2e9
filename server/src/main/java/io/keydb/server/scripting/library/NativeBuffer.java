package io.keydb.server.scripting.library;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaState;
import java.nio.charset.StandardCharsets;

/**
 * Bytes of a result while they are written, outside the Java heap.
 *
 * <p>Threads: confined to the call that made it.
 */
final class NativeBuffer implements AutoCloseable {
    private static final int SMALLEST = 1024;

    /** As much as a value of the server may have. */
    private static final long LARGEST = 512L << 20;

    private long capacity = SMALLEST;
    private long address = NativeHeap.allocate(capacity);
    private long length;

    /** Where the bytes are until more are appended. */
    long address() {
        return address;
    }

    long length() {
        return length;
    }

    void append(int value) {
        Memory.putByte(reserve(1), (byte) value);
    }

    void append(long from, long bytes) {
        Memory.copy(from, reserve(bytes), bytes);
    }

    void append(byte[] bytes) {
        Memory.copyIn(bytes, 0, reserve(bytes.length), bytes.length);
    }

    void append(String ascii) {
        append(ascii.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The lowest bytes of a value, the highest of them first. */
    void appendBigEndian(long value, int bytes) {
        long to = reserve(bytes);
        for (int i = bytes - 1; i >= 0; i--) {
            Memory.putByte(to + i, (byte) value);
            value >>>= 8;
        }
    }

    void appendZeros(long bytes) {
        Memory.fill(reserve(bytes), bytes, (byte) 0);
    }

    /**
     * Makes the buffer longer and returns where the new bytes are to be put.
     *
     * @throws LuaError when it is too long
     */
    long reserve(long bytes) {
        long end = length + bytes;
        if (end > capacity) {
            if (bytes > LARGEST || end > LARGEST) {
                throw new LuaError("not enough memory");
            }
            long larger = Math.max(end, capacity * 2);
            address = NativeHeap.reallocate(address, capacity, larger);
            capacity = larger;
        }
        long to = address + length;
        length = end;
        return to;
    }

    /** Gives back what {@link #reserve} took too much. */
    void truncate(long newLength) {
        length = newLength;
    }

    void push(LuaState lua) {
        lua.pushString(address, length);
    }

    @Override
    public void close() {
        NativeHeap.free(address, capacity);
    }
}
