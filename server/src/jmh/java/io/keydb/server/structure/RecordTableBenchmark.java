package io.keydb.server.structure;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Hashing;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.Pages;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What finding, replacing, inserting and removing one record costs in tables of several sizes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class RecordTableBenchmark {
    private static final int SHAPE = Record.shape(Record.STRING, Record.INT, false, false, false);

    @Param({"7", "1000", "1000000"})
    private int records;

    private final SplittableRandom random = new SplittableRandom(1);
    private Pages pages;
    private Allocator allocator;
    private long root;
    private long key;

    @Setup
    public void open() {
        pages = new Pages();
        allocator = new Allocator(pages, false);
        key = allocator.allocate(Long.BYTES);
        root = allocator.allocate(RecordTable.ROOT_BYTES);
        RecordTable.initialise(root);
        for (int i = 0; i < records; i++) {
            RecordTable.insert(allocator, root, hashOf(i), create());
        }
    }

    @TearDown
    public void close() {
        allocator.close();
        pages.close();
    }

    @Benchmark
    public long find() {
        return RecordTable.find(root, hashOf(random.nextInt(records)), key, Long.BYTES);
    }

    @Benchmark
    public long findNothing() {
        return RecordTable.find(root, hashOf(records + random.nextInt(records)), key, Long.BYTES);
    }

    @Benchmark
    public long insertAndRemove() {
        long hash = hashOf(records);
        long record = create();
        RecordTable.insert(allocator, root, hash, record);
        RecordTable.remove(allocator, root, hash, record);
        allocator.free(record, Record.sizeOf(record));
        return record;
    }

    @Benchmark
    public long removeAndInsert() {
        long hash = hashOf(random.nextInt(records));
        long record = RecordTable.find(root, hash, key, Long.BYTES);
        RecordTable.remove(allocator, root, hash, record);
        RecordTable.insert(allocator, root, hash, record);
        return record;
    }

    private long hashOf(int number) {
        Memory.putLong(key, number);
        return Hashing.hash(key, Long.BYTES);
    }

    private long create() {
        return Record.create(allocator, SHAPE, key, Long.BYTES, 0);
    }
}
