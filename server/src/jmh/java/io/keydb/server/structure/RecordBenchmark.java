package io.keydb.server.structure;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.Pages;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What making and freeing one record costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class RecordBenchmark {
    private static final int VALUE_BYTES = 8;

    private Pages pages;
    private Allocator allocator;
    private long key;
    private int keyLength;

    @Setup
    public void open() {
        pages = new Pages();
        allocator = new Allocator(pages, false);
        byte[] bytes = "key:000000000001".getBytes(StandardCharsets.US_ASCII);
        keyLength = bytes.length;
        key = allocator.allocate(keyLength);
        Memory.copyIn(bytes, 0, key, keyLength);
    }

    @TearDown
    public void close() {
        allocator.close();
        pages.close();
    }

    @Benchmark
    public long createAndFree() {
        int shape = Record.shape(Record.STRING, Record.EMBSTR, false, false, true);
        long record = Record.create(allocator, shape, key, keyLength, VALUE_BYTES);
        long length = Record.valueLength(record);
        allocator.free(record, Record.sizeOf(record));
        return length;
    }
}
