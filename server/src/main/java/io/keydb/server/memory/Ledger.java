package io.keydb.server.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

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

    /**
     * Cells given back and not handed out again, of slabs still held: address and poisoned bytes.
     */
    private final TreeMap<Long, Long> freed = new TreeMap<>();

    void allocated(long address, long bytes) {
        if (cells.putIfAbsent(address, bytes) != null) {
            throw new IllegalStateException("handed out twice: " + describe(address, bytes));
        }
        checkPoison(address);
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
        freed.put(address, bytes + CANARY_BYTES);
    }

    /** The cell has another length now; what it gains holds arbitrary bytes. */
    void resized(long address, long oldBytes, long newBytes) {
        Long known = cells.put(address, newBytes);
        if (known == null || known != oldBytes) {
            throw new IllegalStateException(
                    "resized as " + describe(address, oldBytes) + ", allocated with " + known);
        }
        checkCanary(address, oldBytes);
        if (newBytes > oldBytes) {
            Memory.fill(address + oldBytes, newBytes - oldBytes, UNINITIALISED);
        }
        Memory.putLong(address + newBytes, CANARY);
    }

    /** The range goes back to the system or to other owners. */
    void givenBack(long address, long bytes) {
        freed.subMap(address, address + bytes).clear();
    }

    void check() {
        cells.forEach(Ledger::checkCanary);
    }

    void clear() {
        cells.clear();
        freed.clear();
    }

    /** The first 8 bytes belong to the allocator's list of free cells. */
    private void checkPoison(long address) {
        Long bytes = freed.remove(address);
        if (bytes == null) {
            return;
        }
        for (long i = Long.BYTES; i < bytes; i++) {
            if (Memory.getByte(address + i) != FREED) {
                throw new IllegalStateException(
                        "written after it was freed: " + describe(address, bytes));
            }
        }
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
