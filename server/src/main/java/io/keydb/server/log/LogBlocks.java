package io.keydb.server.log;

import io.keydb.server.log.LogBlock.LogBlockStart;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The chain of blocks of a log and the readers in it: where entries find room, and how long they
 * are kept.
 *
 * <p>A block goes when the blocks behind it still hold {@code backlogBytes} and no reader is in it
 * or before it. When readers make the chain longer than {@code mostBytes}, those in the oldest
 * block are given up.
 *
 * <p>Threads: confined to the lock of the log.
 */
final class LogBlocks {
    private static final int LARGEST_BLOCK = 256 * 1024;
    private static final int SMALLEST_BLOCK = 16 * 1024;

    private final Pages pages;
    private final List<LogReader> readers = new ArrayList<>();
    private @Nullable LogBlock first;
    private @Nullable LogBlock last;
    private long heldBytes;
    private long ordinals;
    private long firstValid;
    private long backlogBytes;
    private long mostBytes;

    LogBlocks(Pages pages, long backlogBytes, long mostBytes) {
        this.pages = pages;
        this.backlogBytes = backlogBytes;
        this.mostBytes = mostBytes;
    }

    /** Length of a block that is not made for a long entry. */
    static long usualBytes(long backlogBytes) {
        return Math.clamp(backlogBytes / 8, SMALLEST_BLOCK, LARGEST_BLOCK);
    }

    void limits(long newBacklogBytes, long newMostBytes) {
        backlogBytes = newBacklogBytes;
        mostBytes = newMostBytes;
        trim();
    }

    long heldBytes() {
        return heldBytes;
    }

    boolean isEmpty() {
        return first == null;
    }

    boolean hasReaders() {
        return !readers.isEmpty();
    }

    /** Whether the newest block exists and has room. */
    boolean hasRoom(long size) {
        return last != null && last.capacity() - last.published() >= size;
    }

    /** The newest block; there must be one. */
    LogBlock last() {
        if (last == null) {
            throw new IllegalStateException("no block");
        }
        return last;
    }

    /** Adds a block in which at least {@code size} bytes find room. */
    LogBlock add(long size, long plainOffset, VersionVector vector) {
        long usual = first == null ? SMALLEST_BLOCK : usualBytes(backlogBytes);
        int capacity = Math.toIntExact(Math.max(usual, size));
        LogBlock added =
                new LogBlock(pages, capacity, new LogBlockStart(ordinals++, plainOffset, vector));
        heldBytes += capacity;
        if (last == null) {
            first = added;
        } else {
            last.next(added);
        }
        last = added;
        trim();
        return added;
    }

    /**
     * The first block whose plain bytes belong to the present history; null when nothing is kept.
     */
    @Nullable LogBlock firstValid() {
        LogBlock block = first;
        while (block != null && block.ordinal < firstValid) {
            block = block.next();
        }
        return block;
    }

    /** The first block that is kept. */
    @Nullable LogBlock first() {
        return first;
    }

    /** What is added from now on is another history of plain bytes than what is there. */
    void invalidate() {
        firstValid = ordinals;
    }

    OffHeapBuffer buffer() {
        return new OffHeapBuffer(pages);
    }

    LogReader open(OrderedLog log, LogBlock block, int position, Runnable wake) {
        LogReader reader = new LogReader(log, block, position, wake);
        readers.add(reader);
        return reader;
    }

    void close(LogReader reader) {
        readers.remove(reader);
        trim();
    }

    void signal() {
        for (int i = 0; i < readers.size(); i++) {
            readers.get(i).signal();
        }
    }

    /** Frees everything; there must be no reader. */
    void release() {
        if (!readers.isEmpty()) {
            throw new IllegalStateException("blocks are being read");
        }
        while (first != null) {
            dropFirst(first);
        }
        last = null;
    }

    private void trim() {
        long oldestRead = Long.MAX_VALUE;
        for (LogReader reader : readers) {
            LogBlock block = reader.block();
            if (block != null) {
                oldestRead = Math.min(oldestRead, block.ordinal);
            }
        }
        while (first != null
                && first != last
                && heldBytes - first.capacity() >= backlogBytes
                && first.ordinal < oldestRead) {
            dropFirst(first);
        }
        if (first != null && heldBytes > Math.max(mostBytes, 2 * backlogBytes)) {
            giveUpReadersOf(first.ordinal);
        }
    }

    private void giveUpReadersOf(long ordinal) {
        for (LogReader reader : readers) {
            LogBlock block = reader.block();
            if (block != null && block.ordinal == ordinal && !reader.isOverrun()) {
                reader.overrun();
            }
        }
    }

    private void dropFirst(LogBlock block) {
        first = block.next();
        heldBytes -= block.capacity();
        block.free();
    }
}
