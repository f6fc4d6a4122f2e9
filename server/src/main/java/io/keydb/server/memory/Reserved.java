package io.keydb.server.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A piece of zeroed memory that lives as long as this object: for the few fixed bytes that threads
 * without a lock may read, whatever was closed before.
 *
 * <p>Threads: immutable; the bytes are the owner's business.
 */
public final class Reserved {

    private final MemorySegment segment;

    /** Memory of so many bytes, aligned to 8. */
    public Reserved(long bytes) {
        segment = Arena.ofAuto().allocate(bytes, Long.BYTES);
    }

    public long address() {
        return segment.address();
    }
}
