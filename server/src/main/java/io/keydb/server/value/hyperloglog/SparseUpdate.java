package io.keydb.server.value.hyperloglog;

import io.keydb.server.memory.Memory;
import io.keydb.server.value.Holder;
import io.keydb.server.value.string.StringBytes;
import io.keydb.server.value.string.StringValue;

/**
 * Raises one register of a sparse HyperLogLog: finds its run, splits it, and joins equal
 * neighbours, in the same way as stock, so that the bytes come out the same.
 *
 * <pre>
 *   the run is VAL, as high already      nothing
 *   the run is one register              becomes VAL
 *   otherwise                            [before] VAL [behind], two to four bytes more than the run
 * </pre>
 *
 * <p>Threads: confined to the partition lock of the key.
 */
final class SparseUpdate {
    /** The run does not fit: the HyperLogLog is to become dense. */
    static final int TOO_LONG = 2;

    private static final int OPCODES_JOINED = 5;

    private SparseUpdate() {}

    /**
     * Raises a register to at most {@link SparseRegisters#GREATEST_VALUE}.
     *
     * @return 1 when it was raised, 0 when it was as high, {@link HyperLogLog#CORRUPT} or {@link
     *     #TOO_LONG}
     */
    static int raise(Holder holder, int index, int value) {
        long start = StringValue.address(holder.record());
        long end = start + StringValue.length(holder.record());
        long at = start + HyperLogLog.HEADER;
        long previous = 0;
        int first = 0;
        int length = 0;
        while (at < end) {
            length = SparseRegisters.length(at, end);
            if (index < first + length) {
                break;
            }
            previous = at;
            first += length;
            at += SparseRegisters.bytes(SparseRegisters.opcode(at));
        }
        if (length == 0 || at >= end) {
            return HyperLogLog.CORRUPT;
        }
        int opcode = SparseRegisters.opcode(at);
        if (at + SparseRegisters.bytes(opcode) > end) {
            return HyperLogLog.CORRUPT;
        }
        if (SparseRegisters.value(opcode) >= value) {
            return 0;
        }
        long from = previous == 0 ? HyperLogLog.HEADER : previous - start;
        if (length == 1 && !SparseRegisters.isLongZero(opcode)) {
            holder.beforeChange();
            Memory.putByte(at, (byte) SparseRegisters.valueRun(value, 1));
        } else if (!split(holder, at - start, index - first, value)) {
            return TOO_LONG;
        }
        join(holder, from);
        HyperLogLog.forgetCount(StringValue.address(holder.record()));
        return 1;
    }

    /** Splits the run at an offset, so that one register of it has the value. */
    private static boolean split(Holder holder, long offset, int register, int value) {
        long start = StringValue.address(holder.record());
        long length = StringValue.length(holder.record());
        long at = start + offset;
        int opcode = SparseRegisters.opcode(at);
        int behind = SparseRegisters.length(at, start + length) - register - 1;
        int old = SparseRegisters.value(opcode);
        int oldBytes = SparseRegisters.bytes(opcode);
        int bytes = runBytes(register, old) + 1 + runBytes(behind, old);
        int more = bytes - oldBytes;
        if (more > 0 && length + more > holder.limits().hllSparseMaxBytes()) {
            return false;
        }
        if (more > 0) {
            start = StringBytes.resize(holder, length + more);
            at = start + offset;
        } else {
            holder.beforeChange();
        }
        Memory.copy(at + oldBytes, at + bytes, length - offset - oldBytes);
        if (more < 0) {
            at = StringBytes.resize(holder, length + more) + offset;
        }
        at = putRun(at, register, old);
        Memory.putByte(at, (byte) SparseRegisters.valueRun(value, 1));
        putRun(at + 1, behind, old);
        return true;
    }

    private static int runBytes(int length, int value) {
        if (length == 0) {
            return 0;
        }
        return value == 0 ? SparseRegisters.zeroRunBytes(length) : 1;
    }

    private static long putRun(long at, int length, int value) {
        if (length == 0) {
            return at;
        }
        if (value > 0) {
            Memory.putByte(at, (byte) SparseRegisters.valueRun(value, length));
            return at + 1;
        }
        int run = SparseRegisters.zeroRun(length);
        Memory.putByte(at, (byte) run);
        if (length > SparseRegisters.LONGEST_ZERO) {
            Memory.putByte(at + 1, (byte) (run >> 8));
            return at + 2;
        }
        return at + 1;
    }

    /** Joins neighbouring runs of the same value from an offset on, as far as a split reaches. */
    private static void join(Holder holder, long offset) {
        long start = StringValue.address(holder.record());
        long length = StringValue.length(holder.record());
        long end = start + length;
        long at = start + offset;
        for (int left = OPCODES_JOINED; at < end && left > 0; left--) {
            int opcode = SparseRegisters.opcode(at);
            if (SparseRegisters.isValue(opcode) && at + 1 < end) {
                int next = SparseRegisters.opcode(at + 1);
                int sum = (opcode & 3) + (next & 3) + 2;
                if (SparseRegisters.isValue(next)
                        && SparseRegisters.value(next) == SparseRegisters.value(opcode)
                        && sum <= SparseRegisters.LONGEST_VALUE_RUN) {
                    Memory.putByte(
                            at + 1,
                            (byte) SparseRegisters.valueRun(SparseRegisters.value(opcode), sum));
                    Memory.copy(at + 1, at, end - at - 1);
                    end--;
                    continue;
                }
            }
            at += SparseRegisters.bytes(opcode);
        }
        if (end - start != length) {
            StringBytes.resize(holder, end - start);
        }
    }
}
