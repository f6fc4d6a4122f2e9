package io.keydb.server.log;

import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import org.jspecify.annotations.Nullable;

/**
 * A run of log entries in one piece of off-heap memory; the log is a chain of them, the oldest
 * first.
 *
 * <p>Threads: written under the lock of the log. Readers on other threads read bytes below {@link
 * #published()}, which never change, and follow {@link #next()}; a block is freed only when no
 * reader is in it or before it.
 */
final class LogBlock {
    private final OffHeapBuffer bytes;
    private final long address;
    private final int capacity;

    /** Counts the blocks of one log. */
    final long ordinal;

    /** Offset, in the plain dialect, of the first byte this block holds. */
    final long firstPlainOffset;

    /** What the log had when the block was begun. */
    final VersionVector vectorBefore;

    private volatile int published;
    private volatile @Nullable LogBlock next;

    LogBlock(Pages pages, int capacity, LogBlockStart start) {
        this.bytes = new OffHeapBuffer(pages);
        this.address = bytes.reserve(capacity);
        this.capacity = capacity;
        this.ordinal = start.ordinal();
        this.firstPlainOffset = start.plainOffset();
        this.vectorBefore = start.vector();
    }

    /** Where in the log a block begins. */
    record LogBlockStart(long ordinal, long plainOffset, VersionVector vector) {}

    long address() {
        return address;
    }

    int capacity() {
        return capacity;
    }

    /** Bytes that are complete and may be read. */
    int published() {
        return published;
    }

    void publish(int end) {
        published = end;
    }

    @Nullable LogBlock next() {
        return next;
    }

    void next(LogBlock following) {
        next = following;
    }

    void free() {
        bytes.close();
    }
}
