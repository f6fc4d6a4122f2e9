package io.keydb.server.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Pages;
import java.util.Comparator;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deadlines hold what a {@link TreeSet} holds after the same operations. */
class DeadlinesModelTest {

    private record Pair(long time, long record) {}

    @ParameterizedTest
    @CsvSource({"1, 2000, 10", "2, 20000, 300", "3, 60000, 1000000", "4, 60000, 5"})
    void equalsATreeSetUnderRandomOperations(long seed, int operations, int times) {
        Random random = new Random(seed);
        TreeSet<Pair> model =
                new TreeSet<>(Comparator.comparingLong(Pair::time).thenComparing(Pair::record));
        Pages pages = new Pages();
        Allocator allocator = new Allocator(pages, true);
        long root = allocator.allocate(Deadlines.ROOT_BYTES);
        Deadlines.initialise(root);
        for (int i = 0; i < operations; i++) {
            boolean growing = i / (operations / 6) % 2 == 0;
            Pair pair = new Pair(random.nextInt(times), 8L * (1 + random.nextInt(10_000)));
            if (random.nextInt(10) < (growing ? 8 : 2)) {
                if (model.add(pair)) {
                    Deadlines.add(allocator, root, pair.time, pair.record);
                }
            } else if (!model.isEmpty()) {
                Pair there = random.nextBoolean() ? model.first() : model.ceiling(pair);
                if (there != null) {
                    model.remove(there);
                    Deadlines.remove(allocator, root, there.time, there.record);
                }
            }
            assertThat(Deadlines.size(root))
                    .as("seed %d, step %d", seed, i)
                    .isEqualTo(model.size());
            long earliest = model.isEmpty() ? Deadlines.NEVER : model.first().time;
            assertThat(Deadlines.earliest(root)).as("seed %d", seed).isEqualTo(earliest);
            assertThat(Deadlines.first(root)).isEqualTo(model.isEmpty() ? 0 : model.first().record);
            if (i % 500 == 0) {
                Deadlines.checkInvariants(root);
                assertThat(allocator.allocatedBytes())
                        .isEqualTo(Deadlines.bytes(root) + Deadlines.ROOT_BYTES);
            }
        }
        Deadlines.checkInvariants(root);
        while (model.size() > 1000) {
            Pair first = model.pollFirst();
            Deadlines.remove(allocator, root, first.time, first.record);
        }
        Deadlines.clear(allocator, root);
        allocator.free(root, Deadlines.ROOT_BYTES);
        allocator.checkCanaries();
        assertThat(allocator.allocatedBytes()).isZero();
        allocator.close();
        pages.close();
    }
}
