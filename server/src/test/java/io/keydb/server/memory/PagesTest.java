package io.keydb.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs of pages never overlap, slabs are aligned, free memory goes back to the system. */
class PagesTest {

    private final Pages pages = new Pages();

    @AfterEach
    void close() {
        pages.close();
    }

    @Test
    void slabsAreAligned() {
        pages.allocate(12_000, Pages.NO_OWNER);
        for (int i = 0; i < 600; i++) {
            assertThat(pages.allocate(Chunk.SLAB, Pages.NO_OWNER) % Chunk.SLAB).isZero();
        }
    }

    @Test
    void freedPagesBeyondTheLimitGoBackToTheSystem() {
        List<Long> runs = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            long run = pages.allocate(1 << 20, Pages.NO_OWNER);
            Memory.fill(run, 1 << 20, (byte) 1);
            runs.add(run);
        }
        for (long run : runs) {
            pages.free(run, 1 << 20);
            assertThat(pages.retainedBytes()).isLessThanOrEqualTo(4 << 20);
        }
        assertThat(pages.committedBytes()).isZero();
        pages.purge();
        assertThat(pages.retainedBytes()).isZero();
    }

    @Test
    void allocatorsOfManyThreadsDoNotDisturbEachOther() throws Exception {
        List<Future<?>> done = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                int seed = i;
                done.add(threads.submit(() -> useAllocator(seed)));
            }
        }
        for (Future<?> future : done) {
            future.get();
        }
        assertThat(pages.usedBytes()).isZero();
        assertThat(pages.committedBytes()).isZero();
    }

    private void useAllocator(int seed) {
        Random random = new Random(seed);
        Allocator allocator = new Allocator(pages, true);
        List<long[]> cells = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (cells.size() < 500 && random.nextInt(5) < 3) {
                long bytes = 1 + (long) (200_000 * Math.pow(random.nextDouble(), 6));
                cells.add(new long[] {allocator.allocate(bytes), bytes});
            } else if (!cells.isEmpty()) {
                long[] cell = cells.remove(random.nextInt(cells.size()));
                allocator.free(cell[0], cell[1]);
            }
        }
        allocator.checkCanaries();
        for (long[] cell : cells) {
            allocator.free(cell[0], cell[1]);
        }
        assertThat(allocator.allocatedBytes()).isZero();
        allocator.close();
    }

    @Test
    void bufferGrowsAndKeepsItsBytes() {
        Random random = new Random(5);
        byte[] expected = new byte[10 << 20];
        random.nextBytes(expected);
        try (OffHeapBuffer buffer = new OffHeapBuffer(pages)) {
            int length = 0;
            while (length < expected.length - 70_000) {
                int bytes = random.nextInt(60_000);
                buffer.append(expected, length, bytes);
                length += bytes;
                buffer.appendByte(expected[length++]);
            }
            assertThat(buffer.length()).isEqualTo(length);
            assertThat(pages.bufferBytes()).isEqualTo(buffer.capacity());
            byte[] out = new byte[length];
            Memory.copyOut(buffer.address(), out, 0, length);
            assertThat(out).isEqualTo(java.util.Arrays.copyOf(expected, length));

            try (OffHeapBuffer copy = new OffHeapBuffer(pages)) {
                copy.append(buffer.address(), buffer.length());
                assertThat(Memory.equal(copy.address(), buffer.address(), length)).isTrue();
                copy.truncate(3);
                copy.appendInt(0x01020304);
                copy.appendLong(5);
                assertThat(copy.length()).isEqualTo(15);
                assertThat(Memory.getInt(copy.address() + 3)).isEqualTo(0x01020304);
                copy.clear();
                assertThat(copy.length()).isZero();
                copy.append(new byte[] {9});
                assertThat(Memory.getByte(copy.address())).isEqualTo((byte) 9);
            }
        }
        assertThat(pages.usedBytes()).isZero();
        assertThat(pages.committedBytes()).isZero();
    }
}
