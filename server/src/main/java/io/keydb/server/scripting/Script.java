package io.keydb.server.scripting;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;

/**
 * A cached script: its digest, what its first line declares, and the function it was compiled to.
 * The text lies outside the heap.
 *
 * <p>Threads: immutable; the text is for who holds the locks of all partitions.
 */
final class Script implements AutoCloseable {
    private final String digest;
    private final int flags;
    private final int function;
    private final long body;
    private final int length;

    /**
     * @param function the number under which the state keeps the function
     */
    Script(String digest, int flags, int function, long address, int length) {
        this.digest = digest;
        this.flags = flags;
        this.function = function;
        this.length = length;
        this.body = NativeHeap.allocate(Math.max(1, length));
        Memory.copy(address, body, length);
    }

    /** The SHA-1 of its text, in lower case. */
    String digest() {
        return digest;
    }

    int flags() {
        return flags;
    }

    int function() {
        return function;
    }

    /** Bytes of its text. */
    int length() {
        return length;
    }

    /** Whether this is its text. */
    boolean is(long address, int bytes) {
        return bytes == length && Memory.equal(address, body, bytes);
    }

    @Override
    public void close() {
        NativeHeap.free(body, Math.max(1, length));
    }
}
