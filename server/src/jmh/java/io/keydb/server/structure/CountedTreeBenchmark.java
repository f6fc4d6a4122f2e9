package io.keydb.server.structure;

import io.keydb.server.memory.Allocator;
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

/** What going to a leaf costs, by position and by separator, and inserting and removing one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class CountedTreeBenchmark {
    private static final int PER_LEAF = 100;

    @Param({"1", "100", "100000"})
    private int leaves;

    private final SplittableRandom random = new SplittableRandom(1);
    private final TreePath path = new TreePath();
    private Pages pages;
    private Allocator allocator;
    private long root;

    @Setup
    public void open() {
        pages = new Pages();
        allocator = new Allocator(pages, false);
        root = allocator.allocate(CountedTree.ROOT_BYTES);
        CountedTree.initialise(root);
        for (int i = 0; i < leaves; i++) {
            if (i == 0) {
                CountedTree.insertOnly(root, path, 8, PER_LEAF);
            } else {
                CountedTree.insertAfter(allocator, path, 8 * (i + 1L), PER_LEAF);
            }
            CountedTree.setSeparator(path, i, 0);
        }
    }

    @TearDown
    public void close() {
        allocator.close();
        pages.close();
    }

    @Benchmark
    public long at() {
        return CountedTree.at(root, random.nextInt(leaves * PER_LEAF), path);
    }

    @Benchmark
    public long find() {
        return CountedTree.find(root, random.nextInt(leaves), 0, path);
    }

    @Benchmark
    public long rank() {
        CountedTree.find(root, random.nextInt(leaves), 0, path);
        return CountedTree.rank(path);
    }

    @Benchmark
    public long addToCount() {
        CountedTree.find(root, random.nextInt(leaves), 0, path);
        CountedTree.addToCount(path, 1);
        CountedTree.addToCount(path, -1);
        return path.leaf();
    }

    @Benchmark
    public long insertAndRemove() {
        CountedTree.find(root, random.nextInt(leaves), 0, path);
        CountedTree.insertAfter(allocator, path, 8, 1);
        return CountedTree.remove(allocator, path);
    }
}
