package io.keydb.server.memory;

import java.util.HashMap;
import java.util.Map;

/**
 * The debug mode of an allocator: remembers every cell in use, poisons free memory, and keeps a
 * canary behind each cell.
 *
 * <p>Threads: confined to the partition lock.
 */
final class Ledger {

    /** Room for the canary, directly behind the bytes asked for. */
    static final int CANARY_BYTES = 8;

    private static final long CANARY = 0xc0ffee_c0ffee_c0L;
    private static final byte FREED = (byte) 0xdb;
    private static final byte UNINITIALISED = (byte) 0xa5;

    private final Map<Long, Long> cells = new HashMap<>();

    void allocated(long address, long bytes) {
        if (cells.putIfAbsent(address, bytes) != null) {
            throw new IllegalStateException("handed out twice: " + describe(address, bytes));
        }
        Memory.fill(address, bytes, UNINITIALISED);
        Memory.putLong(address + bytes, CANARY);
    }

    void freed(long address, long bytes) {
        Long known = cells.remove(address);
        if (known == null) {
            throw new IllegalStateException("freed but not in use: " + describe(address, bytes));
        }
        if (known != bytes) {
            throw new IllegalStateException(
                    "freed as " + describe(address, bytes) + ", allocated with " + known);
        }
        checkCanary(address, bytes);
        Memory.fill(address, bytes + CANARY_BYTES, FREED);
    }

    void check() {
        cells.forEach(Ledger::checkCanary);
    }

    void clear() {
        cells.clear();
    }

    private static void checkCanary(long address, long bytes) {
        if (Memory.getLong(address + bytes) != CANARY) {
            throw new IllegalStateException("written past the end: " + describe(address, bytes));
        }
    }

    private static String describe(long address, long bytes) {
        return bytes + " bytes at 0x" + Long.toHexString(address);
    }
}
