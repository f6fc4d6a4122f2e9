package io.keydb.server.memory;

import java.util.function.LongSupplier;

/**
 * How much memory is in use: what {@code used_memory} tells and {@code maxmemory} limits. That is
 * all data, the buffers of connections, and the log. The part of the log that exists only because a
 * reader is slow is used, but not limited: evicting keys would make it larger.
 *
 * <p>Threads: safe; sums are taken while others allocate.
 */
public final class MemoryUse {
    private final Pages pages;
    private volatile LongSupplier log = () -> 0;
    private volatile LongSupplier notCounted = () -> 0;

    public MemoryUse(Pages pages) {
        this.pages = pages;
    }

    /** Who knows how much the log takes, and the part of it that does not count. */
    public void log(LongSupplier bytes, LongSupplier bytesNotCounted) {
        log = bytes;
        notCounted = bytesNotCounted;
    }

    /** Bytes of the log. */
    public long log() {
        return log.getAsLong();
    }

    /** Bytes of the buffers of connections. */
    public long connections() {
        return NativeHeap.allocatedBytes();
    }

    /** Bytes in use. */
    public long used() {
        return pages.usedBytes() + NativeHeap.allocatedBytes();
    }

    /** Bytes in use that are not data: buffers of connections, the log. */
    public long buffers() {
        return pages.bufferBytes() + NativeHeap.allocatedBytes();
    }

    /** Bytes in use that no limit counts. */
    public long notCounted() {
        return notCounted.getAsLong();
    }

    /** Bytes in use that count. */
    public long counted() {
        return Math.max(0, used() - notCounted());
    }

    /** By how much more than so many bytes are in use that count; not positive when it is less. */
    public long above(long limit) {
        long used = used();
        return used <= limit ? used - limit : Math.max(0, used - notCounted()) - limit;
    }
}
