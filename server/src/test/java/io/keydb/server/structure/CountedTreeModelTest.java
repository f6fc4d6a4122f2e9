package io.keydb.server.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Pages;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tree holds what a list of leaves holds after the same operations. */
class CountedTreeModelTest {

    private static final class Leaf {
        long address;
        long count;
        long high;
        long low;
    }

    private final Pages pages = new Pages();
    private Allocator allocator;
    private long root;
    private final TreePath path = new TreePath();
    private final List<Leaf> model = new ArrayList<>();
    private long nextAddress = 8;

    @BeforeEach
    void create() {
        allocator = new Allocator(pages, true);
        root = allocator.allocate(CountedTree.ROOT_BYTES);
        CountedTree.initialise(root);
    }

    @AfterEach
    void destroy() {
        long freed = 0;
        while (CountedTree.drain(allocator, root, 100, (leaf, count) -> {}) == 0) {
            freed++;
            assertThat(freed).isLessThan(10_000_000);
        }
        assertThat(CountedTree.count(root)).isZero();
        allocator.checkCanaries();
        allocator.free(root, CountedTree.ROOT_BYTES);
        assertThat(allocator.allocatedBytes()).isZero();
        allocator.close();
        pages.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void equalsAListUnderRandomOperations(long seed) {
        Random random = new Random(seed);
        int operations = 12_000;
        for (int i = 0; i < operations; i++) {
            boolean growing = i / (operations / 4) % 2 == 0;
            int choice = random.nextInt(10);
            if (model.isEmpty() || choice < (growing ? 7 : 1)) {
                insert(random);
            } else if (choice < 8) {
                remove(random.nextInt(model.size()));
            } else {
                change(random);
            }
            if (i % 40 == 0) {
                CountedTree.checkInvariants(root);
                assertSame(seed, i);
            }
            look(random, seed, i);
        }
        CountedTree.checkInvariants(root);
        assertSame(seed, operations);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void growsInOrderAndShrinks(int behind) {
        Random random = new Random(5);
        for (int i = 0; i < 40_000; i++) {
            insertAt(behind == 1 ? model.size() : 0, 3, random);
        }
        CountedTree.checkInvariants(root);
        // Dense: a thirtieth more than entries of 32 bytes, and a little for the levels above.
        assertThat(CountedTree.bytes(root)).isLessThan(40_000 * 36);
        assertSame(5, 0);
        while (!model.isEmpty()) {
            removeSome(random);
            CountedTree.checkInvariants(root);
        }
        assertThat(CountedTree.leaves(root)).isZero();
        assertThat(CountedTree.bytes(root)).isZero();
    }

    private void removeSome(Random random) {
        int from = random.nextInt(model.size());
        int count = Math.min(model.size() - from, 1 + random.nextInt(4_000));
        go(from);
        for (int i = 0; i < count; i++) {
            long next = CountedTree.remove(allocator, path);
            assertThat(next)
                    .isEqualTo(from + i + 1 < model.size() ? model.get(from + i + 1).address : 0);
        }
        model.subList(from, from + count).clear();
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(CountedTree.first(root, path)).isZero();
        assertThat(CountedTree.last(root, path)).isZero();
        assertThat(CountedTree.at(root, 0, path)).isZero();
        assertThat(CountedTree.find(root, 0, 0, path)).isZero();
        assertThat(CountedTree.next(path)).isZero();
        CountedTree.checkInvariants(root);
    }

    @Test
    void findsTheLastLeafWhoseSeparatorIsNotAfterWhatIsSought() {
        Random random = new Random(9);
        for (int i = 0; i < 2_000; i++) {
            insertAt(i, 1, random);
            CountedTree.setSeparator(path, -5_000_000L + i * 10L, i);
        }
        for (int i = 0; i < 2_000; i++) {
            for (int j = -1; j < 2; j++) {
                long leaf = CountedTree.find(root, -5_000_000L + i * 10L, i + j, path);
                int expected = Math.max(0, j < 0 ? i - 1 : i);
                assertThat(leaf).isEqualTo(model.get(expected).address);
                assertThat(CountedTree.rank(path)).isEqualTo(expected);
            }
        }
        assertThat(CountedTree.find(root, 0, 0, path)).isEqualTo(model.getFirst().address);
        assertThat(CountedTree.find(root, -1, -1, path)).isEqualTo(model.getLast().address);
    }

    private void insert(Random random) {
        insertAt(random.nextInt(model.size() + 1), random.nextInt(1, 100), random);
    }

    private void insertAt(int index, long count, Random random) {
        Leaf leaf = new Leaf();
        leaf.address = nextAddress += 8;
        leaf.count = count;
        leaf.high = random.nextLong();
        leaf.low = random.nextLong();
        if (model.isEmpty()) {
            CountedTree.insertOnly(root, path, leaf.address, count);
        } else if (index == model.size() || (index > 0 && random.nextBoolean())) {
            go(index - 1);
            CountedTree.insertAfter(allocator, path, leaf.address, count);
        } else {
            go(index);
            CountedTree.insertBefore(allocator, path, leaf.address, count);
        }
        CountedTree.setSeparator(path, leaf.high, leaf.low);
        model.add(index, leaf);
        assertThat(path.leaf()).isEqualTo(leaf.address);
        assertThat(CountedTree.leafCount(path)).isEqualTo(count);
    }

    private void remove(int index) {
        go(index);
        model.remove(index);
        long next = CountedTree.remove(allocator, path);
        assertThat(next).isEqualTo(index < model.size() ? model.get(index).address : 0);
    }

    private void change(Random random) {
        int index = random.nextInt(model.size());
        Leaf leaf = model.get(index);
        go(index);
        switch (random.nextInt(3)) {
            case 0 -> {
                long delta = random.nextInt(50) - leaf.count / 2;
                CountedTree.addToCount(path, delta);
                leaf.count += delta;
            }
            case 1 -> {
                leaf.address = nextAddress += 8;
                CountedTree.replaceLeaf(path, leaf.address);
            }
            default -> {
                leaf.high = random.nextLong();
                CountedTree.setSeparator(path, leaf.high, leaf.low);
            }
        }
        if (leaf.count == 0) {
            CountedTree.addToCount(path, 1);
            leaf.count = 1;
        }
    }

    private long before(int index) {
        long sum = 0;
        for (int i = 0; i < index; i++) {
            sum += model.get(i).count;
        }
        return sum;
    }

    /** Goes by position, or along from an end. */
    private void go(int index) {
        if (index < 3) {
            CountedTree.first(root, path);
            for (int i = 0; i < index; i++) {
                CountedTree.next(path);
            }
        } else if (index >= model.size() - 3) {
            CountedTree.last(root, path);
            for (int i = model.size() - 1; i > index; i--) {
                CountedTree.previous(path);
            }
        } else {
            CountedTree.at(root, before(index), path);
        }
        assertThat(path.leaf()).isEqualTo(model.get(index).address);
    }

    private void look(Random random, long seed, int step) {
        if (model.isEmpty()) {
            return;
        }
        int index = random.nextInt(model.size());
        Leaf leaf = model.get(index);
        long before = before(index);
        long offset = random.nextLong(leaf.count);
        assertThat(CountedTree.at(root, before + offset, path))
                .as("seed %d, step %d", seed, step)
                .isEqualTo(leaf.address);
        assertThat(path.offset()).isEqualTo(offset);
        assertThat(CountedTree.rank(path)).isEqualTo(before);
        assertThat(CountedTree.leafCount(path)).isEqualTo(leaf.count);
        assertThat(CountedTree.high(path)).isEqualTo(leaf.high);
        assertThat(CountedTree.low(path)).isEqualTo(leaf.low);
        assertThat(CountedTree.isLast(path)).isEqualTo(index == model.size() - 1);
    }

    private void assertSame(long seed, int step) {
        List<Long> expected = new ArrayList<>();
        model.forEach(leaf -> expected.add(leaf.address));
        List<Long> forwards = new ArrayList<>();
        for (long leaf = CountedTree.first(root, path); leaf != 0; leaf = CountedTree.next(path)) {
            forwards.add(leaf);
        }
        List<Long> backwards = new ArrayList<>();
        for (long leaf = CountedTree.last(root, path);
                leaf != 0;
                leaf = CountedTree.previous(path)) {
            backwards.addFirst(leaf);
        }
        assertThat(forwards).as("seed %d, step %d", seed, step).isEqualTo(expected);
        assertThat(backwards).as("seed %d, step %d", seed, step).isEqualTo(expected);
        assertThat(CountedTree.count(root)).isEqualTo(before(model.size()));
        assertThat(CountedTree.leaves(root)).isEqualTo(model.size());
        assertThat(CountedTree.at(root, CountedTree.count(root), path)).isZero();
        assertThat(CountedTree.at(root, -1, path)).isZero();
    }
}
