package io.keydb.server.keyspace;

import io.keydb.server.memory.Hashing;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.Slots;

/**
 * One key as a command names it: where its bytes are, their hash and their slot. A reusable
 * flyweight; the bytes stay where they are (input buffer, queued request, record).
 *
 * <p>Threads: confined to the thread that runs the command.
 */
public final class Key {
    private long address;
    private int length;
    private long hash;
    private int slot;

    /** Points this key at {@code length} bytes at {@code address}. */
    public Key set(long address, int length) {
        this.address = address;
        this.length = length;
        this.hash = Hashing.hash(address, length);
        this.slot = Slots.slotOf(address, length);
        return this;
    }

    public long address() {
        return address;
    }

    public int length() {
        return length;
    }

    public long hash() {
        return hash;
    }

    /** The cluster slot, 0 to 16383. */
    public int slot() {
        return slot;
    }

    /** Whether both name the same bytes. */
    public boolean sameAs(Key other) {
        return hash == other.hash
                && length == other.length
                && Memory.equal(address, other.address, length);
    }

    public byte[] bytes() {
        return Memory.bytes(address, length);
    }
}
