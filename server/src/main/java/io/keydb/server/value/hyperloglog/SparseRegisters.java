package io.keydb.server.value.hyperloglog;

import io.keydb.server.memory.Memory;

/**
 * Registers as runs, for HyperLogLogs of few elements.
 *
 * <pre>
 *   00xxxxxx            ZERO    x + 1 registers are 0
 *   01xxxxxx yyyyyyyy   XZERO   xy + 1 registers are 0
 *   1vvvvvxx            VAL     x + 1 registers are v + 1
 * </pre>
 *
 * <p>Reading is safe on any bytes; runs that do not add up to 16384 registers are found out.
 *
 * <p>Threads: confined to the partition lock of the key.
 */
final class SparseRegisters {
    static final int GREATEST_VALUE = 32;
    static final int LONGEST_VALUE_RUN = 4;
    static final int LONGEST_ZERO = 64;

    private static final int XZERO = 0x40;
    private static final int VALUE = 0x80;
    private static final int LOW = 0x3f;

    private SparseRegisters() {}

    static boolean isZero(int opcode) {
        return (opcode & (XZERO | VALUE)) == 0;
    }

    static boolean isLongZero(int opcode) {
        return (opcode & (XZERO | VALUE)) == XZERO;
    }

    static boolean isValue(int opcode) {
        return (opcode & VALUE) != 0;
    }

    static int opcode(long address) {
        return Memory.getByte(address) & 0xff;
    }

    /** Bytes of the run. */
    static int bytes(int opcode) {
        return isLongZero(opcode) ? 2 : 1;
    }

    /** Registers of the run at {@code address}; a second byte behind the end counts as 0. */
    static int length(long address, long end) {
        int opcode = opcode(address);
        if (isValue(opcode)) {
            return (opcode & 3) + 1;
        }
        if (isZero(opcode)) {
            return opcode + 1;
        }
        int second = address + 1 < end ? opcode(address + 1) : 0;
        return ((opcode & LOW) << 8 | second) + 1;
    }

    static int value(int opcode) {
        return isValue(opcode) ? (opcode >> 2 & 0x1f) + 1 : 0;
    }

    static int valueRun(int value, int length) {
        return VALUE | (value - 1) << 2 | (length - 1);
    }

    /** A run of zeros; its second byte, if it has one, is the higher of the two bytes. */
    static int zeroRun(int length) {
        int low = length - 1;
        return length > LONGEST_ZERO ? XZERO | low >> 8 | (low & 0xff) << 8 : low;
    }

    static int zeroRunBytes(int length) {
        return length > LONGEST_ZERO ? 2 : 1;
    }

    /** Whether the runs add up. */
    static boolean isValid(long address, long end) {
        int registers = 0;
        for (long at = address; at < end; at += bytes(opcode(at))) {
            registers += length(at, end);
        }
        return registers == DenseRegisters.COUNT;
    }

    /** Adds how many registers have each value; false when the runs do not add up. */
    static boolean count(long address, long end, int[] histogram) {
        int registers = 0;
        for (long at = address; at < end; at += bytes(opcode(at))) {
            int length = length(at, end);
            histogram[value(opcode(at))] += length;
            registers += length;
        }
        return registers == DenseRegisters.COUNT;
    }

    /** Writes the values into zeroed dense registers. The runs are valid. */
    static void spreadInto(long address, long end, long dense) {
        int register = 0;
        for (long at = address; at < end; ) {
            int opcode = opcode(at);
            int length = length(at, end);
            for (int i = 0; isValue(opcode) && i < length; i++) {
                DenseRegisters.set(dense, register + i, value(opcode));
            }
            register += length;
            at += bytes(opcode);
        }
    }

    /** Raises each of the bytes at {@code greatest}; false, after part of it, when invalid. */
    static boolean mergeInto(long address, long end, long greatest) {
        int register = 0;
        for (long at = address; at < end; at += bytes(opcode(at))) {
            int length = length(at, end);
            int value = value(opcode(at));
            if (register + length > DenseRegisters.COUNT) {
                return false;
            }
            for (int i = 0; value > 0 && i < length; i++) {
                long to = greatest + register + i;
                if (value > Memory.getByte(to)) {
                    Memory.putByte(to, (byte) value);
                }
            }
            register += length;
        }
        return register == DenseRegisters.COUNT;
    }
}
