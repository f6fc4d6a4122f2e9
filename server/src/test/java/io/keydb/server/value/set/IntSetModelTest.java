package io.keydb.server.value.set;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The set of integers holds what a {@link TreeSet} holds, in the same order. */
class IntSetModelTest {
    private static final int ROOM = 1 << 16;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void equalsATreeSetUnderRandomOperations(long seed) {
        Random random = new Random(seed);
        TreeSet<Long> model = new TreeSet<>();
        try (OffHeapBuffer buffer = new OffHeapBuffer(new Pages())) {
            long set = buffer.reserve(ROOM);
            IntSet.initialise(set);
            for (int i = 0; i < 3000; i++) {
                long value = random.nextLong() >> (64 - width(random, i));
                if (random.nextInt(4) > 0) {
                    add(set, value, model);
                } else if (!model.isEmpty()) {
                    long victim = random.nextBoolean() ? value : model.first();
                    int index = IntSet.indexOf(set, victim);
                    assertThat(index >= 0).isEqualTo(model.remove(victim));
                    if (index >= 0) {
                        IntSet.removeAt(set, index);
                    }
                }
                assertSame(seed, i, set, model);
            }
        }
    }

    /** Narrow integers first, so that each width is used for a while. */
    private static int width(Random random, int step) {
        return 1 + random.nextInt(step < 1000 ? 8 : step < 2000 ? 20 : 64);
    }

    private static void add(long set, long value, TreeSet<Long> model) {
        int index = IntSet.indexOf(set, value);
        assertThat(index < 0).isEqualTo(model.add(value));
        if (index < 0) {
            long bytes = IntSet.bytesWith(set, value);
            Memory.putLong(set + bytes, 0x5a5a5a5a5a5a5a5aL);
            IntSet.insert(set, -index - 1, value);
            assertThat(IntSet.bytes(set)).isEqualTo(bytes);
            assertThat(Memory.getLong(set + bytes)).isEqualTo(0x5a5a5a5a5a5a5a5aL);
        }
    }

    private static void assertSame(long seed, int step, long set, TreeSet<Long> model) {
        assertThat(IntSet.count(set)).as("seed %d, step %d", seed, step).isEqualTo(model.size());
        assertThat(IntSet.isValid(set, IntSet.bytes(set))).isEqualTo(!model.isEmpty());
        if (step % 50 == 0) {
            int i = 0;
            for (long expected : model) {
                assertThat(IntSet.at(set, i)).isEqualTo(expected);
                assertThat(IntSet.indexOf(set, expected)).isEqualTo(i++);
            }
        }
    }

    @Test
    void foreignBytesAreRefusedUnlessTheyAreASet() {
        try (OffHeapBuffer buffer = new OffHeapBuffer(new Pages())) {
            long set = buffer.reserve(64);
            write(set, 2, 2, 1, 2);
            assertThat(IntSet.isValid(set, 12)).isTrue();
            assertThat(IntSet.isValid(set, 11)).isFalse();
            assertThat(IntSet.isValid(set, 13)).isFalse();
            assertThat(IntSet.isValid(set, 7)).isFalse();
            write(set, 2, 2, 2, 2);
            assertThat(IntSet.isValid(set, 12)).isFalse();
            write(set, 2, 2, 3, 2);
            assertThat(IntSet.isValid(set, 12)).isFalse();
            write(set, 3, 2, 1, 2);
            assertThat(IntSet.isValid(set, 14)).isFalse();
            write(set, 2, 0);
            assertThat(IntSet.isValid(set, 8)).isFalse();
            write(set, 8, -1);
            assertThat(IntSet.isValid(set, 8)).isFalse();
        }
    }

    private static void write(long set, int width, int count, int... values) {
        Memory.putInt(set, width);
        Memory.putInt(set + 4, count);
        for (int i = 0; i < values.length; i++) {
            Memory.putShort(set + 8 + i * 2L, (short) values[i]);
        }
    }
}
