package io.keydb.server.modules;

import io.keydb.module.MutableBytes;
import io.keydb.server.memory.Memory;
import java.util.Objects;

/**
 * The bytes of the value of a key: asks the key anew where they are whenever they may have moved.
 *
 * <p>Threads: confined to the call; checked.
 */
final class ValueBytes extends BoundedBytes implements MutableBytes {
    private final KeyOfCall key;

    ValueBytes(KeyOfCall key) {
        this.key = key;
    }

    @Override
    long at(long offset, int count) {
        key.requireValue();
        Objects.checkFromIndexSize(offset, count, key.length());
        return key.address() + offset;
    }

    private long writable(long offset, int count) {
        key.requireChanged();
        return at(offset, count);
    }

    @Override
    public long length() {
        key.requireValue();
        return key.length();
    }

    @Override
    public void put(long offset, byte value) {
        Memory.putByte(writable(offset, 1), value);
    }

    @Override
    public void putInt(long offset, int value) {
        Memory.putInt(writable(offset, Integer.BYTES), value);
    }

    @Override
    public void putLong(long offset, long value) {
        Memory.putLong(writable(offset, Long.BYTES), value);
    }

    @Override
    public void copyFrom(long offset, byte[] from, int start, int count) {
        Objects.checkFromIndexSize(start, count, from.length);
        Memory.copyIn(from, start, writable(offset, count), count);
    }
}
