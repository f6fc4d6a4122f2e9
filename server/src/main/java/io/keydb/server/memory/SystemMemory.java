package io.keydb.server.memory;

import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * The operating system's side of memory: maps, unmaps and gives back pages.The only class that
 * calls native functions for memory.
 *
 * <p>Threads: stateless.
 */
final class SystemMemory {

    private static final boolean MAC =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x2 | (MAC ? 0x1000 : 0x20);
    private static final int MADV_DONTNEED =
            MAC ? 5 : 4; // MADV_FREE is what gives pages back there
    private static final int MADV_NOHUGEPAGE = 15;

    private static final MethodHandle MMAP = NativeFunctions.link("mmap");
    private static final MethodHandle MUNMAP = NativeFunctions.link("munmap");
    private static final MethodHandle MADVISE = NativeFunctions.link("madvise");

    private SystemMemory() {}

    /**
     * Maps zeroed memory of small pages; huge ones would make resident what nobody has touched.
     *
     * @throws OutOfMemoryError when the system refuses
     */
    static long map(long bytes) {
        long address =
                NativeFunctions.call(MMAP, 0, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1);
        if (address == -1) {
            throw new OutOfMemoryError("the system refuses to map " + bytes + " bytes");
        }
        if (!MAC) {
            advise(address, bytes, MADV_NOHUGEPAGE);
        }
        return address;
    }

    /** Maps {@code bytes} at a multiple of {@code alignment}, a power of two. */
    static long mapAligned(long bytes, long alignment) {
        long address = map(bytes + alignment);
        long aligned = (address + alignment - 1) & -alignment;
        if (aligned > address) {
            unmap(address, aligned - address);
        }
        long tail = address + alignment - aligned;
        if (tail > 0) {
            unmap(aligned + bytes, tail);
        }
        return aligned;
    }

    static void unmap(long address, long bytes) {
        if ((int) NativeFunctions.call(MUNMAP, address, bytes, 0, 0, 0) != 0) {
            throw new IllegalStateException("munmap failed: " + address + " " + bytes);
        }
    }

    /** Gives the pages back; the range stays mapped. */
    static void giveBack(long address, long bytes) {
        advise(address, bytes, MADV_DONTNEED);
    }

    /** Advice may be refused (a kernel without huge pages, for one); memory works without it. */
    private static void advise(long address, long bytes, int advice) {
        NativeFunctions.call(MADVISE, address, bytes, advice, 0, 0);
    }
}
