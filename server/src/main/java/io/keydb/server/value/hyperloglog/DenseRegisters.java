package io.keydb.server.value.hyperloglog;

import io.keydb.server.memory.Memory;

/**
 * 16384 registers of 6 bits each, one behind the other, the lowest bits of a byte first.
 *
 * <p>Threads: confined to the partition lock of the key.
 */
final class DenseRegisters {
    static final int COUNT = 1 << 14;
    static final int BITS = 6;
    static final int BYTES = COUNT * BITS / 8;

    private static final int MASK = (1 << BITS) - 1;
    private static final int GROUP = 8;
    private static final int GROUP_BYTES = GROUP * BITS / 8;

    private DenseRegisters() {}

    static int get(long registers, int index) {
        int bit = index * BITS;
        long at = registers + (bit >>> 3);
        int shift = bit & 7;
        int low = (Memory.getByte(at) & 0xff) >> shift;
        if (shift <= 8 - BITS) {
            return low & MASK;
        }
        return (low | (Memory.getByte(at + 1) & 0xff) << (8 - shift)) & MASK;
    }

    static void set(long registers, int index, int value) {
        int bit = index * BITS;
        long at = registers + (bit >>> 3);
        int shift = bit & 7;
        Memory.putByte(at, (byte) ((Memory.getByte(at) & ~(MASK << shift)) | value << shift));
        if (shift > 8 - BITS) {
            int rest = 8 - shift;
            Memory.putByte(
                    at + 1, (byte) ((Memory.getByte(at + 1) & ~(MASK >> rest)) | value >> rest));
        }
    }

    /** Raises a register; false when it was as high already. */
    static boolean raise(long registers, int index, int value) {
        if (get(registers, index) >= value) {
            return false;
        }
        set(registers, index, value);
        return true;
    }

    /** Adds to {@code histogram} how many registers have each value. */
    static void count(long registers, int[] histogram) {
        for (int i = 0; i < BYTES; i += GROUP_BYTES) {
            long group = group(registers + i);
            for (int j = 0; j < GROUP; j++) {
                histogram[(int) group & MASK]++;
                group >>>= BITS;
            }
        }
    }

    /** Raises each of the bytes at {@code greatest} to the register of its number. */
    static void mergeInto(long registers, long greatest) {
        long to = greatest;
        for (int i = 0; i < BYTES; i += GROUP_BYTES) {
            long group = group(registers + i);
            for (int j = 0; j < GROUP; j++) {
                int value = (int) group & MASK;
                if (value > Memory.getByte(to)) {
                    Memory.putByte(to, (byte) value);
                }
                group >>>= BITS;
                to++;
            }
        }
    }

    private static long group(long address) {
        return (Memory.getInt(address) & 0xffffffffL)
                | (Memory.getShort(address + 4) & 0xffffL) << 32;
    }
}
