package io.keydb.server.memory;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The memory of the process outside the Java heap: pages taken from the system in chunks of 16 MB
 * and handed out in runs, to allocators as slabs of 64 KB and as large cells, and to buffers. Also
 * the account of what is in use.
 *
 * <p>A freed run stays backed by memory at first, ready to be used again; past {@link #DIRTY_LIMIT}
 * all such pages go back to the system. Chunks are of small pages only, so what was never touched
 * is never resident.
 *
 * <p>Threads: safe; one short lock around the page tables. Reading the account takes no lock.
 */
public final class Pages implements AutoCloseable {

    /** Free pages that stay backed by memory, for the whole process: 4 MB. */
    private static final int DIRTY_LIMIT = 1024;

    /** The owner of what belongs to no allocator. */
    static final int NO_OWNER = 0;

    private static final int MOST_OWNERS = 65_535;

    private final AtomicLong usedBytes = new AtomicLong();
    private final AtomicLong bufferBytes = new AtomicLong();
    private final AtomicLong committedBytes = new AtomicLong();

    private volatile long alarmBytes = Long.MAX_VALUE;
    private volatile Runnable alarm = () -> {};

    private final List<@Nullable Chunk> chunks = new ArrayList<>();
    private final Map<Long, Mapping> mappings = new HashMap<>();
    private final BitSet owners = new BitSet();
    private int firstWithSlabs;
    private int dirtyPages;

    /**
     * At most one is kept, so that use around the edge of a chunk does not map and unmap it all the
     * time.
     */
    private int emptyChunks;

    private record Mapping(long bytes, int owner) {}

    public Pages() {
        owners.set(NO_OWNER);
    }

    /**
     * Bytes in use: the cells of all allocators and all buffers. An allocator reports in steps of
     * {@link Allocator#REPORT_BYTES}, so each may be off by less than that.
     */
    public long usedBytes() {
        return usedBytes.get();
    }

    /** The part of {@link #usedBytes} that is buffers. */
    public long bufferBytes() {
        return bufferBytes.get();
    }

    /** Bytes of all runs handed out; what exceeds {@link #usedBytes} is fragmentation. */
    public long committedBytes() {
        return committedBytes.get();
    }

    /** Free pages still backed by memory. */
    public synchronized long retainedBytes() {
        return (long) dirtyPages * Chunk.PAGE;
    }

    /**
     * Runs something whenever more memory is taken while more than so many bytes are in use. It is
     * called with any locks held, so it must only see to it that something is done soon.
     */
    public void whenAbove(long bytes, Runnable somethingSoon) {
        alarm = somethingSoon;
        alarmBytes = bytes;
    }

    void account(long deltaBytes) {
        if (usedBytes.addAndGet(deltaBytes) > alarmBytes && deltaBytes > 0) {
            alarm.run();
        }
    }

    void accountBuffer(long deltaBytes) {
        account(deltaBytes);
        bufferBytes.addAndGet(deltaBytes);
    }

    synchronized int register() {
        int owner = owners.nextClearBit(0);
        if (owner > MOST_OWNERS) {
            throw new IllegalStateException("more than " + MOST_OWNERS + " allocators");
        }
        owners.set(owner);
        return owner;
    }

    /** Frees all that an owner still has; the owner is gone afterwards. */
    synchronized void unregister(int owner) {
        owners.clear(owner);
        for (int i = 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            if (chunk != null) {
                int dirtyBefore = chunk.dirtyPages();
                int freed = chunk.freeAll(owner);
                if (freed > 0) {
                    freed(i, chunk, freed, dirtyBefore);
                }
            }
        }
        mappings.entrySet()
                .removeIf(
                        mapping -> {
                            if (mapping.getValue().owner() != owner) {
                                return false;
                            }
                            committedBytes.addAndGet(-mapping.getValue().bytes());
                            SystemMemory.unmap(mapping.getKey(), mapping.getValue().bytes());
                            return true;
                        });
    }

    static long roundUp(long bytes) {
        return (bytes + Chunk.PAGE - 1) & -Chunk.PAGE;
    }

    /**
     * A run of whole pages with arbitrary content; {@link Chunk#SLAB} bytes are aligned to their
     * size.
     */
    synchronized long allocate(long bytes, int owner) {
        long rounded = roundUp(bytes);
        long pages = rounded / Chunk.PAGE;
        long address;
        if (pages > Chunk.LONGEST_RUN) {
            address = SystemMemory.map(rounded);
            mappings.put(address, new Mapping(rounded, owner));
        } else {
            address = allocateRun((int) pages, owner);
        }
        committedBytes.addAndGet(rounded);
        return address;
    }

    synchronized void free(long address, long bytes) {
        long rounded = roundUp(bytes);
        long pages = rounded / Chunk.PAGE;
        if (pages > Chunk.LONGEST_RUN) {
            Mapping mapping = mappings.remove(address);
            if (mapping == null || mapping.bytes() != rounded) {
                throw new IllegalStateException("not allocated: " + Long.toHexString(address));
            }
            committedBytes.addAndGet(-rounded);
            SystemMemory.unmap(address, rounded);
            return;
        }
        int index = Chunk.indexOf(address);
        Chunk chunk = chunks.get(index);
        if (chunk == null) {
            throw new IllegalStateException("not allocated: " + Long.toHexString(address));
        }
        int dirtyBefore = chunk.dirtyPages();
        chunk.free(address, (int) pages);
        freed(index, chunk, (int) pages, dirtyBefore);
    }

    private long allocateRun(int pages, int owner) {
        boolean slab = pages == Chunk.SLAB_PAGES;
        for (int i = slab ? firstWithSlabs : 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            if (chunk != null && chunk.mayHold(pages)) {
                long address = allocateIn(chunk, pages, owner);
                if (address != 0) {
                    return address;
                }
            }
            if (slab) {
                firstWithSlabs = i + 1;
            }
        }
        return allocateIn(addChunk(), pages, owner);
    }

    private long allocateIn(Chunk chunk, int pages, int owner) {
        int dirtyBefore = chunk.dirtyPages();
        boolean wasEmpty = chunk.isEmpty();
        long address = chunk.allocate(pages, owner);
        if (wasEmpty && address != 0) {
            emptyChunks--;
        }
        dirtyPages += chunk.dirtyPages() - dirtyBefore;
        return address;
    }

    private Chunk addChunk() {
        int index = chunks.indexOf(null);
        if (index < 0) {
            index = chunks.size();
            chunks.add(null);
        }
        Chunk chunk = new Chunk(index);
        chunks.set(index, chunk);
        emptyChunks++;
        firstWithSlabs = Math.min(firstWithSlabs, index);
        return chunk;
    }

    private void freed(int index, Chunk chunk, int pages, int dirtyBefore) {
        committedBytes.addAndGet(-(long) pages * Chunk.PAGE);
        dirtyPages += chunk.dirtyPages() - dirtyBefore;
        firstWithSlabs = Math.min(firstWithSlabs, index);
        if (chunk.isEmpty()) {
            emptyChunks++;
        }
        if (emptyChunks > 1) {
            dirtyPages -= chunk.dirtyPages();
            chunks.set(index, null);
            emptyChunks--;
            chunk.unmap();
        } else if (dirtyPages > DIRTY_LIMIT) {
            purge();
        }
    }

    /** Gives all free pages back to the system. */
    public synchronized void purge() {
        for (int i = 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            if (chunk != null && chunk.dirtyPages() > 0) {
                chunk.purge();
            }
        }
        dirtyPages = 0;
    }

    /** Unmaps everything, used or not. */
    @Override
    public synchronized void close() {
        for (int i = 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            if (chunk != null) {
                chunk.unmap();
            }
        }
        chunks.clear();
        mappings.forEach((address, mapping) -> SystemMemory.unmap(address, mapping.bytes()));
        mappings.clear();
        owners.clear();
        owners.set(NO_OWNER);
        firstWithSlabs = 0;
        dirtyPages = 0;
        emptyChunks = 0;
        usedBytes.set(0);
        bufferBytes.set(0);
        committedBytes.set(0);
    }
}
