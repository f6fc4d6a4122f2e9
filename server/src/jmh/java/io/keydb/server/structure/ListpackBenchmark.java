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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What adding, finding and reading entries of a listpack costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class ListpackBenchmark {
    private static final int ROOM = 64 << 10;

    @Param({"8", "128", "800"})
    private int entries;

    private Pages pages;
    private Allocator allocator;
    private long lp;
    private long text;
    private int length;
    private long missing;
    private long number;

    @Setup
    public void open() {
        pages = new Pages();
        allocator = new Allocator(pages, false);
        lp = allocator.allocate(ROOM);
        text = allocated("abcdefgh");
        missing = allocated("abcdefgX");
        number = allocated("12345678");
        length = 8;
        Listpack.initialise(lp);
        for (int i = 0; i < entries; i++) {
            Listpack.append(lp, text, length);
        }
    }

    private long allocated(String content) {
        byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
        long address = allocator.allocate(bytes.length);
        Memory.copyIn(bytes, 0, address, bytes.length);
        return address;
    }

    @TearDown
    public void close() {
        allocator.close();
        pages.close();
    }

    @Benchmark
    public int addAndRemoveAtTheEnd() {
        Listpack.remove(lp, Listpack.append(lp, text, length), 1);
        return Listpack.count(lp);
    }

    @Benchmark
    public int addAndRemoveAtTheFront() {
        Listpack.remove(lp, Listpack.insert(lp, Listpack.first(lp), text, length), 1);
        return Listpack.count(lp);
    }

    @Benchmark
    public int addAndRemoveAnInteger() {
        Listpack.remove(lp, Listpack.append(lp, number, length), 1);
        return Listpack.count(lp);
    }

    @Benchmark
    public long findInVain() {
        return Listpack.find(lp, Listpack.first(lp), missing, length, 0);
    }

    @Benchmark
    public long readAll() {
        long sum = 0;
        for (long e = Listpack.first(lp); e != 0; e = Listpack.next(lp, e)) {
            sum += Memory.getLong(Listpack.textAddress(e));
        }
        return sum;
    }
}
