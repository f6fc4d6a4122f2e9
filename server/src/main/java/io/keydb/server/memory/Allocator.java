package io.keydb.server.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Hands out cells of memory outside the Java heap to one partition. The caller remembers the size,
 * so a cell has no header.
 *
 * <p>Threads: confined to the partition lock.
 */
public final class Allocator implements AutoCloseable {

    /*
     * Idea
     *   A request is rounded up to a size class. The cells of a class lie in slabs of 64 KB; a slab hands out cells it got back first,
     *   and then cells never used before, so that the untouched end of a slab costs no memory. A slab whose last cell is freed goes
     *   back to Pages. Requests beyond the largest class are runs of whole pages.
     *
     * Layout of a slab header (kept in the tables of the chunk, see Chunk)
     *   0   first free cell; each free cell holds the address of the next      (8)
     *   8   first cell never used                                              (8)
     *   16  where the cells end                                                (8)
     *   24  next slab of the class with a free cell                            (8)
     *   32  previous one                                                       (8)
     *   40  cells in use                                                       (4)
     *   44  0, or its class and 1 while the slab is to be emptied              (4)
     *
     * Invariants
     *   A slab is in the list of its class exactly when it has a free cell and is not to be emptied; those that are to be emptied are
     *   in a list of their own. A cell is free or in use, never both; in debug mode the ledger checks that.
     *
     * Evacuation
     *   When many cells were freed, slabs are half empty and none can go back. beginEvacuation chooses for every class the emptiest
     *   slabs, so many that the cells in them fit into the free cells of the others, and hands out no cells of them any more; the
     *   others are put in order, the fullest first. Whoever owns cells then passes each to evacuate, which moves it if it lies in a
     *   chosen slab, and keeps the new address. So slab after slab becomes empty and is given back. Work goes on in between as
     *   usual. endEvacuation lets what was not emptied be used again.
     */

    private static final int FREE = 0;
    private static final int FRESH = 8;
    private static final int END = 16;
    private static final int NEXT = 24;
    private static final int PREVIOUS = 32;
    private static final int USED = 40;
    private static final int EMPTYING = 44;

    /** The account of all allocators is told of changes in steps of this size. */
    static final long REPORT_BYTES = 1024;

    private final Pages pages;
    private final int owner;
    private final @Nullable Ledger ledger;
    private final long[] open = new long[SizeClasses.COUNT];
    private long allocatedBytes;
    private long reportedBytes;
    private long committedBytes;
    private long emptying;
    private long evacuated;
    private long stayed;

    /**
     * An allocator without memory; it takes slabs as it needs them.
     *
     * @param debug whether to check every use; also switched on by the property {@code
     *     keydb.memory.debug}
     */
    public Allocator(Pages pages, boolean debug) {
        this.pages = pages;
        this.owner = pages.register();
        this.ledger = debug || Boolean.getBoolean("keydb.memory.debug") ? new Ledger() : null;
    }

    /**
     * The bytes that a request of {@code bytes} takes, all of which the caller may use if he asks
     * for that many.
     */
    public static long cellSize(long bytes) {
        return SizeClasses.cellSize(bytes);
    }

    /** Memory with arbitrary content, aligned to 8 bytes; {@code bytes} is at least 1. */
    public long allocate(long bytes) {
        account(SizeClasses.cellSize(bytes));
        if (ledger != null) {
            long address = take(bytes + Ledger.CANARY_BYTES);
            ledger.allocated(address, bytes);
            return address;
        }
        return take(bytes);
    }

    /** Takes back what {@link #allocate} gave for the same number of bytes. */
    public void free(long address, long bytes) {
        account(-SizeClasses.cellSize(bytes));
        if (ledger != null) {
            ledger.freed(address, bytes);
            giveBack(address, bytes + Ledger.CANARY_BYTES);
        } else {
            giveBack(address, bytes);
        }
    }

    /**
     * Lets the cell that was allocated for {@code oldBytes} be one of {@code newBytes}, if it is
     * large enough and not too large; gives whether it is. Otherwise nothing changes.
     */
    public boolean resize(long address, long oldBytes, long newBytes) {
        if (SizeClasses.cellSize(oldBytes) != SizeClasses.cellSize(newBytes)) {
            return false;
        }
        if (ledger != null) {
            if (SizeClasses.cellSize(oldBytes + Ledger.CANARY_BYTES)
                    != SizeClasses.cellSize(newBytes + Ledger.CANARY_BYTES)) {
                return false;
            }
            ledger.resized(address, oldBytes, newBytes);
        }
        return true;
    }

    /** The sum of the sizes of all cells in use. */
    public long allocatedBytes() {
        return allocatedBytes;
    }

    /**
     * Bytes of all slabs and large cells; what exceeds {@link #allocatedBytes} is fragmentation.
     */
    public long committedBytes() {
        return committedBytes;
    }

    /** Chooses the slabs that are to be emptied; gives how many. */
    public int beginEvacuation() {
        endEvacuation();
        int chosen = 0;
        for (int sizeClass = 0; sizeClass < open.length; sizeClass++) {
            chosen += chooseEmptiest(sizeClass);
        }
        return chosen;
    }

    /** Uses the slabs again that were to be emptied and are not empty. */
    public void endEvacuation() {
        while (emptying != 0) {
            long slab = emptying;
            int sizeClass = Memory.getInt(slab + EMPTYING) - 1;
            unlinkEmptying(slab);
            // Only a slab with a free cell was chosen, and since then cells of it were only freed.
            link(slab, sizeClass);
        }
    }

    /** Whether the memory lies in a slab that is to be emptied. */
    public boolean isEvacuated(long address, long bytes) {
        long cell = ledger == null ? bytes : bytes + Ledger.CANARY_BYTES;
        return cell <= SizeClasses.LARGEST && isEmptying(Chunk.slabHeader(address));
    }

    /**
     * Moves what was allocated with so many bytes out of a slab that is to be emptied, and gives
     * its new address; gives the old one when it may stay.
     */
    public long evacuate(long address, long bytes) {
        if (!isEvacuated(address, bytes)) {
            stayed++;
            return address;
        }
        evacuated++;
        long moved = allocate(bytes);
        Memory.copy(address, moved, bytes);
        free(address, bytes);
        return moved;
    }

    /** Counts what somebody has moved out of a slab himself. */
    public void countEvacuated() {
        evacuated++;
    }

    /** Cells moved so far. */
    public long evacuated() {
        return evacuated;
    }

    /** Cells passed to {@link #evacuate} so far that stayed where they were. */
    public long stayed() {
        return stayed;
    }

    /** Brings the account of all allocators up to date, which otherwise lags a little behind. */
    public void report() {
        if (allocatedBytes != reportedBytes) {
            pages.account(allocatedBytes - reportedBytes);
            reportedBytes = allocatedBytes;
        }
    }

    /**
     * Checks that nobody has written past the end of a cell in use. Does nothing outside debug
     * mode.
     *
     * @throws IllegalStateException when somebody has
     */
    public void checkCanaries() {
        if (ledger != null) {
            ledger.check();
        }
    }

    /** Frees everything at once, in use or not. */
    @Override
    public void close() {
        pages.unregister(owner);
        pages.account(-reportedBytes);
        allocatedBytes = 0;
        reportedBytes = 0;
        committedBytes = 0;
        emptying = 0;
        Arrays.fill(open, 0);
        if (ledger != null) {
            ledger.clear();
        }
    }

    private void account(long deltaBytes) {
        allocatedBytes += deltaBytes;
        long unreported = allocatedBytes - reportedBytes;
        if (unreported >= REPORT_BYTES || unreported <= -REPORT_BYTES) {
            pages.account(unreported);
            reportedBytes = allocatedBytes;
        }
    }

    private long take(long bytes) {
        if (bytes > SizeClasses.LARGEST) {
            committedBytes += SizeClasses.cellSize(bytes);
            return pages.allocate(bytes, owner);
        }
        int sizeClass = SizeClasses.of(bytes);
        long slab = open[sizeClass];
        if (slab == 0) {
            slab = addSlab(sizeClass);
        }
        long cell = Memory.getLong(slab + FREE);
        if (cell != 0) {
            Memory.putLong(slab + FREE, Memory.getLong(cell));
        } else {
            cell = Memory.getLong(slab + FRESH);
            Memory.putLong(slab + FRESH, cell + SizeClasses.bytes(sizeClass));
        }
        Memory.putInt(slab + USED, Memory.getInt(slab + USED) + 1);
        if (isFull(slab)) {
            unlink(slab, sizeClass);
        }
        return cell;
    }

    private void giveBack(long cell, long bytes) {
        if (bytes > SizeClasses.LARGEST) {
            release(cell, SizeClasses.cellSize(bytes));
            return;
        }
        int sizeClass = SizeClasses.of(bytes);
        long slab = Chunk.slabHeader(cell);
        boolean isEmptying = isEmptying(slab);
        if (isFull(slab) && !isEmptying) {
            link(slab, sizeClass);
        }
        Memory.putLong(cell, Memory.getLong(slab + FREE));
        Memory.putLong(slab + FREE, cell);
        int used = Memory.getInt(slab + USED) - 1;
        Memory.putInt(slab + USED, used);
        if (used == 0) {
            if (isEmptying) {
                unlinkEmptying(slab);
            } else {
                unlink(slab, sizeClass);
            }
            release(Chunk.slabOf(cell), Chunk.SLAB);
        }
    }

    private void release(long address, long bytes) {
        committedBytes -= bytes;
        if (ledger != null) {
            ledger.givenBack(address, bytes);
        }
        pages.free(address, bytes);
    }

    private static boolean isFull(long slab) {
        return Memory.getLong(slab + FREE) == 0
                && Memory.getLong(slab + FRESH) == Memory.getLong(slab + END);
    }

    private long addSlab(int sizeClass) {
        long address = pages.allocate(Chunk.SLAB, owner);
        committedBytes += Chunk.SLAB;
        int cell = SizeClasses.bytes(sizeClass);
        long slab = Chunk.slabHeader(address);
        Memory.putLong(slab + FREE, 0);
        Memory.putLong(slab + FRESH, address);
        Memory.putLong(slab + END, address + (long) (Chunk.SLAB / cell) * cell);
        Memory.putInt(slab + USED, 0);
        Memory.putInt(slab + EMPTYING, 0);
        link(slab, sizeClass);
        return slab;
    }

    /**
     * Lets the emptiest open slabs of a class be emptied, as far as the others have room for their
     * cells, and puts the others in order; gives how many it chose.
     */
    private int chooseEmptiest(int sizeClass) {
        int slabs = 0;
        long used = 0;
        for (long slab = open[sizeClass]; slab != 0; slab = Memory.getLong(slab + NEXT)) {
            slabs++;
            used += Memory.getInt(slab + USED);
        }
        long cells = Chunk.SLAB / SizeClasses.bytes(sizeClass);
        int kept = (int) ((used + cells - 1) / cells);
        if (kept >= slabs) {
            return 0;
        }
        long[] byUse = new long[slabs];
        long[] addresses = new long[slabs];
        for (int i = 0; i < slabs; i++) {
            addresses[i] = open[sizeClass];
            byUse[i] = (long) Memory.getInt(addresses[i] + USED) << 32 | i;
            unlink(addresses[i], sizeClass);
        }
        Arrays.sort(byUse);
        for (int i = 0; i < slabs; i++) {
            long slab = addresses[(int) byUse[i]];
            if (i < slabs - kept) {
                linkEmptying(slab, sizeClass);
            } else {
                link(slab, sizeClass);
            }
        }
        return slabs - kept;
    }

    private static boolean isEmptying(long slab) {
        return Memory.getInt(slab + EMPTYING) != 0;
    }

    private void linkEmptying(long slab, int sizeClass) {
        Memory.putInt(slab + EMPTYING, 1 + sizeClass);
        Memory.putLong(slab + NEXT, emptying);
        Memory.putLong(slab + PREVIOUS, 0);
        if (emptying != 0) {
            Memory.putLong(emptying + PREVIOUS, slab);
        }
        emptying = slab;
    }

    private void unlinkEmptying(long slab) {
        long next = Memory.getLong(slab + NEXT);
        long previous = Memory.getLong(slab + PREVIOUS);
        Memory.putInt(slab + EMPTYING, 0);
        if (previous != 0) {
            Memory.putLong(previous + NEXT, next);
        } else {
            emptying = next;
        }
        if (next != 0) {
            Memory.putLong(next + PREVIOUS, previous);
        }
    }

    private void link(long slab, int sizeClass) {
        long next = open[sizeClass];
        Memory.putLong(slab + NEXT, next);
        Memory.putLong(slab + PREVIOUS, 0);
        if (next != 0) {
            Memory.putLong(next + PREVIOUS, slab);
        }
        open[sizeClass] = slab;
    }

    private void unlink(long slab, int sizeClass) {
        long next = Memory.getLong(slab + NEXT);
        long previous = Memory.getLong(slab + PREVIOUS);
        if (previous != 0) {
            Memory.putLong(previous + NEXT, next);
        } else {
            open[sizeClass] = next;
        }
        if (next != 0) {
            Memory.putLong(next + PREVIOUS, previous);
        }
    }
}
