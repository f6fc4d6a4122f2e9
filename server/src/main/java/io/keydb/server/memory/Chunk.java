package io.keydb.server.memory;

/**
 * 16 MB of address space, cut into 4 KB pages that are handed out in runs.
 *
 * <pre>
 *  base (16 MB aligned)
 *  | page 0..8: tables                                  | page 9 .. 4095: runs
 *  |  0      chunk index (4)                            |
 *  |  64     slab headers, 64 bytes per 64 KB           |
 *  |  16448  per page: owner of the run that starts (2) |
 *  |  24640  per page: length of that run in pages (2)  |
 *  |  32832  end                                        |
 * </pre>
 *
 * <p>The tables of a run lie here and not in the run, so that cells of a power of two fill a slab
 * completely and the hot headers do not compete for the same cache sets. Which pages are free, and
 * which of those are dirty (free, but still backed by memory), is kept in two bit sets on the heap.
 *
 * <p>Threads: confined to the lock of {@link Pages}, except the slab headers, which belong to the
 * allocator that owns the slab.
 */
final class Chunk {

    static final int PAGE = 4096;
    static final int BYTES = 16 << 20;
    static final int PAGES = BYTES / PAGE;
    static final int SLAB = 64 << 10;
    static final int SLAB_PAGES = SLAB / PAGE;

    private static final int HEADERS_OFFSET = 64;
    private static final int HEADER_SHIFT = 6;
    private static final int OWNERS_OFFSET = HEADERS_OFFSET + ((BYTES / SLAB) << HEADER_SHIFT);
    private static final int LENGTHS_OFFSET = OWNERS_OFFSET + 2 * PAGES;
    private static final int TABLE_PAGES = (LENGTHS_OFFSET + 2 * PAGES + PAGE - 1) / PAGE;

    /** No run is longer than a quarter of a chunk: longer ones are mapped on their own. */
    static final int LONGEST_RUN = PAGES / 4;

    final long base;
    private final long[] used = new long[PAGES / 64];
    private final long[] dirty = new long[PAGES / 64];
    private int usedPages = TABLE_PAGES;
    private int dirtyPages;

    /**
     * No run longer than this is free; no slab is free when {@link #slabsExhausted}. Both only save
     * searches.
     */
    private int longestFree = PAGES;

    private boolean slabsExhausted;

    Chunk(int index) {
        base = SystemMemory.mapAligned(BYTES, BYTES);
        Memory.putInt(base, index);
        set(used, 0, TABLE_PAGES);
    }

    /** Where the header of the slab at or around {@code address} lies. */
    static long slabHeader(long address) {
        long base = address & -BYTES;
        return base + HEADERS_OFFSET + (((address - base) >>> 16) << HEADER_SHIFT);
    }

    /** The start of the slab around {@code address}. */
    static long slabOf(long address) {
        return address & -SLAB;
    }

    static int indexOf(long address) {
        return Memory.getInt(address & -BYTES);
    }

    boolean isEmpty() {
        return usedPages == TABLE_PAGES;
    }

    int dirtyPages() {
        return dirtyPages;
    }

    boolean mayHold(int pages) {
        return pages == SLAB_PAGES ? !slabsExhausted : pages <= longestFree;
    }

    /**
     * The address of a free run, now used; 0 when there is none. A run of the length of a slab is
     * aligned like one.
     */
    long allocate(int pages, int owner) {
        int page = pages == SLAB_PAGES ? findSlab() : findRun(pages);
        if (page < 0) {
            return 0;
        }
        set(used, page, pages);
        usedPages += pages;
        if (dirtyPages > 0) {
            dirtyPages -= clear(dirty, page, pages);
        }
        Memory.putShort(base + OWNERS_OFFSET + 2L * page, (short) owner);
        Memory.putShort(base + LENGTHS_OFFSET + 2L * page, (short) pages);
        return base + (long) page * PAGE;
    }

    void free(long address, int pages) {
        int page = (int) ((address - base) / PAGE);
        long length = base + LENGTHS_OFFSET + 2L * page;
        if (Memory.getShort(length) != pages) {
            throw new IllegalStateException(
                    "freed with "
                            + pages
                            + " pages, allocated with "
                            + Memory.getShort(length)
                            + ": "
                            + Long.toHexString(address));
        }
        Memory.putShort(length, (short) 0);
        clear(used, page, pages);
        usedPages -= pages;
        set(dirty, page, pages);
        dirtyPages += pages;
        longestFree = PAGES;
        slabsExhausted = false;
    }

    /** Frees all runs of one owner and returns how many pages they had. */
    int freeAll(int owner) {
        int freed = 0;
        for (int page = TABLE_PAGES; page < PAGES; page++) {
            int pages = Memory.getShort(base + LENGTHS_OFFSET + 2L * page);
            if (pages != 0) {
                if ((Memory.getShort(base + OWNERS_OFFSET + 2L * page) & 0xffff) == owner) {
                    free(base + (long) page * PAGE, pages);
                    freed += pages;
                }
                page += pages - 1;
            }
        }
        return freed;
    }

    /** Gives what is dirty back to the system. */
    void purge() {
        int page = next(dirty, TABLE_PAGES, true);
        while (page < PAGES) {
            int end = next(dirty, page, false);
            SystemMemory.giveBack(base + (long) page * PAGE, (long) (end - page) * PAGE);
            clear(dirty, page, end - page);
            page = next(dirty, end, true);
        }
        dirtyPages = 0;
    }

    void unmap() {
        SystemMemory.unmap(base, BYTES);
    }

    private int findSlab() {
        for (int word = 0; word < used.length; word++) {
            long free = ~used[word];
            if (free != 0) {
                for (int shift = 0; shift < 64; shift += SLAB_PAGES) {
                    if ((free >>> shift & 0xffff) == 0xffff) {
                        return word * 64 + shift;
                    }
                }
            }
        }
        slabsExhausted = true;
        return -1;
    }

    private int findRun(int pages) {
        int longest = 0;
        int page = next(used, TABLE_PAGES, false);
        while (page < PAGES) {
            int end = next(used, page, true);
            if (end - page >= pages) {
                return page;
            }
            longest = Math.max(longest, end - page);
            page = next(used, end, false);
        }
        longestFree = longest;
        return -1;
    }

    /** The first page from {@code from} on whose bit is as asked, or {@link #PAGES}. */
    private static int next(long[] bits, int from, boolean isSet) {
        int word = from >>> 6;
        if (word >= bits.length) {
            return PAGES;
        }
        long candidates = (isSet ? bits[word] : ~bits[word]) & -1L << from;
        while (candidates == 0) {
            if (++word == bits.length) {
                return PAGES;
            }
            candidates = isSet ? bits[word] : ~bits[word];
        }
        return word * 64 + Long.numberOfTrailingZeros(candidates);
    }

    private static void set(long[] bits, int from, int count) {
        int end = from + count;
        for (int i = from; i < end; ) {
            int upTo = Math.min(end, (i | 63) + 1);
            bits[i >>> 6] |= mask(i, upTo);
            i = upTo;
        }
    }

    /** Clears and counts what was set. */
    private static int clear(long[] bits, int from, int count) {
        int end = from + count;
        int cleared = 0;
        for (int i = from; i < end; ) {
            int upTo = Math.min(end, (i | 63) + 1);
            long mask = mask(i, upTo);
            cleared += Long.bitCount(bits[i >>> 6] & mask);
            bits[i >>> 6] &= ~mask;
            i = upTo;
        }
        return cleared;
    }

    /** The bits from {@code from} up to {@code to} (exclusive, in the same word). */
    private static long mask(int from, int to) {
        return -1L << from & -1L >>> -to;
    }
}
