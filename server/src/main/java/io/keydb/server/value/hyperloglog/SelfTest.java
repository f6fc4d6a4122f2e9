package io.keydb.server.value.hyperloglog;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.Pages;
import io.keydb.server.structure.Record;
import io.keydb.server.value.EncodingLimits;
import io.keydb.server.value.Holder;
import java.util.SplittableRandom;

/**
 * Tries registers and estimates on this machine, in memory of its own.
 *
 * <p>Threads: each run is confined to its thread.
 */
public final class SelfTest implements AutoCloseable {
    private static final int CYCLES = 1000;
    private static final int ELEMENTS = 10_000_000;
    private static final double STANDARD_ERROR = 1.04 / 128;

    private final Allocator allocator;
    private final EncodingLimits limits;
    private final SplittableRandom random = new SplittableRandom();
    private final long scratch;

    public SelfTest(Pages pages, EncodingLimits limits) {
        this.allocator = new Allocator(pages, false);
        this.limits = limits;
        this.scratch = allocator.allocate(Long.BYTES);
    }

    /** What has failed, or an empty text. */
    public String run() {
        String failed = registers();
        return failed.isEmpty() ? estimates() : failed;
    }

    private String registers() {
        long dense = allocator.allocate(DenseRegisters.BYTES);
        byte[] expected = new byte[DenseRegisters.COUNT];
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            for (int i = 0; i < expected.length; i++) {
                expected[i] = (byte) random.nextInt(Cardinality.VALUES);
                DenseRegisters.set(dense, i, expected[i]);
            }
            for (int i = 0; i < expected.length; i++) {
                int value = DenseRegisters.get(dense, i);
                if (value != expected[i]) {
                    return "Register " + i + " should be " + expected[i] + " but is " + value;
                }
            }
        }
        return "";
    }

    private String estimates() {
        Value dense = new Value();
        Value sparse = new Value();
        HyperLogLog.create(dense);
        HyperLogLog.makeDense(dense);
        HyperLogLog.create(sparse);
        long seed = random.nextLong();
        long checkpoint = 1;
        for (long i = 1; i <= ELEMENTS; i++) {
            Memory.putLong(scratch, i ^ seed);
            HyperLogLog.add(dense, scratch, Long.BYTES);
            HyperLogLog.add(sparse, scratch, Long.BYTES);
            if (i == checkpoint) {
                if (i < limits.hllSparseMaxBytes() / 2 && !HyperLogLog.isSparse(sparse.record)) {
                    return "sparse encoding not used";
                }
                long count = HyperLogLog.count(dense.record);
                if (count != HyperLogLog.count(sparse.record)) {
                    return "dense/sparse disagree";
                }
                long error = Math.abs(checkpoint - count);
                long most = i == 10 ? 1 : (long) Math.ceil(STANDARD_ERROR * 6 * checkpoint);
                if (error > most) {
                    return "Too big error. card:" + checkpoint + " abserr:" + error;
                }
                checkpoint *= 10;
            }
        }
        return "";
    }

    @Override
    public void close() {
        allocator.close();
    }

    /** A record that no keyspace knows. */
    private final class Value implements Holder {
        private long record;

        @Override
        public long record() {
            return record;
        }

        @Override
        public Allocator allocator() {
            return allocator;
        }

        @Override
        public EncodingLimits limits() {
            return limits;
        }

        @Override
        public long create(int type, int encoding, long inlineBytes) {
            int shape = Record.shape(type, encoding, false, false, false);
            record = Record.create(allocator, shape, scratch, 0, inlineBytes);
            return record;
        }

        @Override
        public long resize(int encoding, long inlineBytes) {
            long old = record;
            if (Record.encoding(old) == encoding
                    && Record.resizeInPlace(allocator, old, inlineBytes)) {
                return old;
            }
            create(Record.type(old), encoding, inlineBytes);
            long kept = Math.min(Record.valueLength(old), Record.valueLength(record));
            Memory.copy(Record.valueAddress(old), Record.valueAddress(record), kept);
            allocator.free(old, Record.sizeOf(old));
            return record;
        }

        @Override
        public void membersExpire(boolean expire) {
            throw new UnsupportedOperationException("a string has no members");
        }

        @Override
        public void beforeChange() {
            // Nobody sees it.
        }
    }
}
