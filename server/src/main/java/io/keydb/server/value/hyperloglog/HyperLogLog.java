package io.keydb.server.value.hyperloglog;

import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Holder;
import io.keydb.server.value.string.StringBytes;
import io.keydb.server.value.string.StringValue;

/**
 * The bytes of one HyperLogLog as a whole; see the package for the layout. New ones are sparse, and
 * become dense when a register exceeds 32 or the bytes exceed {@code hll-sparse-max-bytes}.
 *
 * <p>Threads: confined to the partition lock of the key.
 */
public final class HyperLogLog {
    /** Registers of every HyperLogLog. */
    public static final int REGISTERS = DenseRegisters.COUNT;

    /** What is given for runs that do not add up. */
    public static final int CORRUPT = -1;

    static final int HEADER = 16;

    private static final int MAGIC = 'H' | 'Y' << 8 | 'L' << 16 | 'L' << 24;
    private static final int ENCODING = 4;
    private static final int COUNT = 8;
    private static final int DENSE = 0;
    private static final int SPARSE = 1;
    private static final int DENSE_BYTES = HEADER + DenseRegisters.BYTES;
    private static final int INDEX_BITS = 14;
    private static final int HASH_BITS = 64 - INDEX_BITS;

    private HyperLogLog() {}

    /** Whether the string begins as a HyperLogLog does and has the right length. */
    public static boolean is(long record) {
        if (Record.encoding(record) == Record.INT) {
            return false;
        }
        long length = StringValue.length(record);
        long address = StringValue.address(record);
        return length >= HEADER
                && Memory.getInt(address) == MAGIC
                && (encoding(address) == SPARSE
                        || (encoding(address) == DENSE && length == DENSE_BYTES));
    }

    /** Makes an empty one for a holder without a record. */
    public static void create(Holder holder) {
        long address = StringBytes.resize(holder, HEADER + 2);
        Memory.putInt(address, MAGIC);
        Memory.putByte(address + ENCODING, (byte) SPARSE);
        int run = SparseRegisters.zeroRun(REGISTERS);
        Memory.putShort(address + HEADER, (short) run);
    }

    public static boolean isSparse(long record) {
        return encoding(StringValue.address(record)) == SPARSE;
    }

    /** Adds an element: 1 when it changed a register, else 0, or {@link #CORRUPT}. */
    public static int add(Holder holder, long address, int length) {
        long hash = MurmurHash.of(address, length);
        int index = (int) hash & (REGISTERS - 1);
        // The place of the lowest one in what is not the index.
        int value = Long.numberOfTrailingZeros(hash >>> INDEX_BITS | 1L << HASH_BITS) + 1;
        return raise(holder, index, value);
    }

    /** Raises one register: 1 when that changed it, else 0, or {@link #CORRUPT}. */
    public static int raise(Holder holder, int index, int value) {
        if (isSparse(holder.record())) {
            int raised =
                    value > SparseRegisters.GREATEST_VALUE
                            ? SparseUpdate.TOO_LONG
                            : SparseUpdate.raise(holder, index, value);
            if (raised != SparseUpdate.TOO_LONG) {
                return raised;
            }
            if (!makeDense(holder)) {
                return CORRUPT;
            }
        }
        long registers = StringValue.address(holder.record()) + HEADER;
        if (DenseRegisters.get(registers, index) >= value) {
            return 0;
        }
        holder.beforeChange();
        DenseRegisters.set(registers, index, value);
        return 1;
    }

    /** Makes a sparse one dense; false when it is corrupt. */
    public static boolean makeDense(Holder holder) {
        long record = holder.record();
        if (!isSparse(record)) {
            return true;
        }
        long old = StringValue.address(record);
        long end = old + StringValue.length(record);
        if (!SparseRegisters.isValid(old + HEADER, end)) {
            return false;
        }
        long address = holder.allocator().allocate(DENSE_BYTES);
        Memory.copy(old, address, HEADER);
        Memory.putByte(address + ENCODING, (byte) DENSE);
        Memory.fill(address + HEADER, DenseRegisters.BYTES, (byte) 0);
        SparseRegisters.spreadInto(old + HEADER, end, address + HEADER);
        StringBytes.exchange(holder, address, DENSE_BYTES);
        return true;
    }

    /** The count kept with the registers, or a negative number when they have changed since. */
    public static long keptCount(long record) {
        return Memory.getLong(StringValue.address(record) + COUNT);
    }

    /** Keeps a count that was worked out. */
    public static void keepCount(long record, long count) {
        Memory.putLong(StringValue.address(record) + COUNT, count);
    }

    /** Says that the count kept is that of other registers. */
    public static void forgetCount(Holder holder) {
        holder.beforeChange();
        forgetCount(StringValue.address(holder.record()));
    }

    static void forgetCount(long address) {
        long last = address + COUNT + 7;
        Memory.putByte(last, (byte) (Memory.getByte(last) | 0x80));
    }

    /** Works out the count, or gives {@link #CORRUPT}. */
    public static long count(long record) {
        int[] histogram = new int[Cardinality.VALUES];
        long address = StringValue.address(record);
        if (!isSparse(record)) {
            DenseRegisters.count(address + HEADER, histogram);
        } else if (!SparseRegisters.count(
                address + HEADER, address + StringValue.length(record), histogram)) {
            return CORRUPT;
        }
        return Cardinality.of(histogram);
    }

    /** Works out the count of registers that lie in a byte each. */
    public static long countOfBytes(long registers) {
        int[] histogram = new int[Cardinality.VALUES];
        for (int i = 0; i < REGISTERS; i += 8) {
            long word = Memory.getLong(registers + i);
            if (word == 0) {
                histogram[0] += 8;
            } else {
                for (int j = 0; j < 8; j++) {
                    histogram[(int) (word >>> (8 * j)) & (Cardinality.VALUES - 1)]++;
                }
            }
        }
        return Cardinality.of(histogram);
    }

    /**
     * Raises registers that lie in a byte each to those of the record; false, after part of it,
     * when it is corrupt.
     */
    public static boolean mergeInto(long record, long registers) {
        long address = StringValue.address(record);
        if (!isSparse(record)) {
            DenseRegisters.mergeInto(address + HEADER, registers);
            return true;
        }
        return SparseRegisters.mergeInto(
                address + HEADER, address + StringValue.length(record), registers);
    }

    /** One register of a dense one. */
    public static int register(long record, int index) {
        return DenseRegisters.get(StringValue.address(record) + HEADER, index);
    }

    /** The runs of a sparse one for people to read: {@code Z:16000 v:1,2 z:382}. */
    public static String runs(long record) {
        StringBuilder text = new StringBuilder();
        long end = StringValue.address(record) + StringValue.length(record);
        for (long at = StringValue.address(record) + HEADER; at < end; ) {
            int opcode = SparseRegisters.opcode(at);
            text.append(text.isEmpty() ? "" : " ");
            if (SparseRegisters.isValue(opcode)) {
                text.append("v:").append(SparseRegisters.value(opcode)).append(',');
            } else {
                text.append(SparseRegisters.isZero(opcode) ? "z:" : "Z:");
            }
            text.append(SparseRegisters.length(at, end));
            at += SparseRegisters.bytes(opcode);
        }
        return text.toString();
    }

    private static int encoding(long address) {
        return Memory.getByte(address + ENCODING) & 0xff;
    }
}
