package io.keydb.server.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cells never overlap, are accounted for to the byte, and their memory goes back. */
class AllocatorTest {

    private static final String DEBUG = "keydb.memory.debug";
    private final String debug = System.getProperty(DEBUG, "false");

    private final Pages pages = new Pages();
    private final Allocator allocator;
    private final Allocator checked = new Allocator(pages, true);

    AllocatorTest() {
        System.setProperty(DEBUG, "false");
        allocator = new Allocator(pages, false);
        System.setProperty(DEBUG, debug);
    }

    @AfterEach
    void close() {
        pages.close();
    }

    @Test
    void cellSizesAreClassesThatLoseAtMostAnEighth() {
        long previous = 0;
        for (int bytes = 1; bytes <= 100_000; bytes++) {
            long cell = Allocator.cellSize(bytes);
            assertThat(cell).isGreaterThanOrEqualTo(bytes).isGreaterThanOrEqualTo(previous);
            assertThat(Allocator.cellSize(cell)).isEqualTo(cell);
            assertThat(cell % 8).isZero();
            if (bytes <= SizeClasses.LARGEST) {
                assertThat(cell - bytes).isLessThanOrEqualTo(Math.max(7, cell / 8));
                assertThat((long) SizeClasses.bytes(SizeClasses.of(bytes))).isEqualTo(cell);
                assertThat(SizeClasses.of(bytes)).isLessThan(SizeClasses.COUNT);
            } else {
                assertThat(cell % 4096).isZero();
            }
            previous = cell;
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 200", "2, 20000", "3, 3000000", "4, 12000000"})
    void cellsKeepTheirContentUnderRandomUse(long seed, int largest) {
        Random random = new Random(seed);
        List<long[]> cells = new ArrayList<>();
        long expectedBytes = 0;
        for (int i = 0; i < 20_000; i++) {
            boolean growing = i / 4_000 % 2 == 0;
            if (cells.isEmpty() || (cells.size() < 300 && random.nextInt(10) < (growing ? 7 : 3))) {
                long bytes = 1 + (long) (largest * Math.pow(random.nextDouble(), 4));
                long address = allocator.allocate(bytes);
                assertThat(address % 8).isZero();
                mark(address, bytes, (byte) i);
                cells.add(new long[] {address, bytes, i});
                expectedBytes += Allocator.cellSize(bytes);
            } else {
                long[] cell = cells.remove(random.nextInt(cells.size()));
                assertMarked(cell[0], cell[1], (byte) cell[2], seed);
                allocator.free(cell[0], cell[1]);
                expectedBytes -= Allocator.cellSize(cell[1]);
            }
            assertThat(allocator.allocatedBytes()).isEqualTo(expectedBytes);
            assertThat(Math.abs(pages.usedBytes() - expectedBytes))
                    .isLessThan(Allocator.REPORT_BYTES);
            assertThat(allocator.committedBytes()).isEqualTo(pages.committedBytes());
            assertThat(allocator.committedBytes()).isGreaterThanOrEqualTo(expectedBytes);
        }
        for (long[] cell : cells) {
            assertMarked(cell[0], cell[1], (byte) cell[2], seed);
            allocator.free(cell[0], cell[1]);
        }
        assertThat(allocator.allocatedBytes()).isZero();
        assertThat(allocator.committedBytes()).isZero();
        assertThat(pages.committedBytes()).isZero();
    }

    /** Both ends and, in long cells, something between. */
    private static void mark(long address, long bytes, byte value) {
        Memory.putByte(address, value);
        Memory.putByte(address + bytes / 2, value);
        Memory.putByte(address + bytes - 1, value);
    }

    private static void assertMarked(long address, long bytes, byte value, long seed) {
        assertThat(
                        Memory.getByte(address) == value
                                && Memory.getByte(address + bytes / 2) == value
                                && Memory.getByte(address + bytes - 1) == value)
                .as("seed %d: %d bytes kept their content", seed, bytes)
                .isTrue();
    }

    @Test
    void closeGivesEverythingBack() {
        for (int i = 1; i < 200; i++) {
            allocator.allocate(i * 100L);
        }
        allocator.allocate(10 << 20);
        long other = checked.allocate(100);
        allocator.close();
        assertThat(allocator.allocatedBytes()).isZero();
        assertThat(pages.committedBytes()).isEqualTo(Chunk.SLAB);
        checked.free(other, 100);
        assertThat(pages.committedBytes()).isZero();
    }

    @Test
    void memoryIsReusedAcrossClasses() {
        for (int round = 0; round < 50; round++) {
            int bytes = 16 + round * 8;
            int cells = (8 << 20) / bytes;
            long[] addresses = new long[cells];
            for (int i = 0; i < cells; i++) {
                addresses[i] = allocator.allocate(bytes);
            }
            assertThat(allocator.committedBytes()).isLessThan(10 << 20);
            for (long address : addresses) {
                allocator.free(address, bytes);
            }
        }
        assertThat(pages.retainedBytes()).isLessThanOrEqualTo(4 << 20);
    }

    @Test
    void debugModeIsSwitchedOnByTheProperty() {
        System.setProperty(DEBUG, "true");
        Allocator byProperty = new Allocator(pages, false);
        System.setProperty(DEBUG, debug);
        long address = byProperty.allocate(24);
        byProperty.free(address, 24);
        assertThatThrownBy(() -> byProperty.free(address, 24)).hasMessageContaining("not in use");
    }

    @Test
    void debugModeFindsADoubleFree() {
        long address = checked.allocate(24);
        checked.free(address, 24);
        assertThatThrownBy(() -> checked.free(address, 24)).hasMessageContaining("not in use");
    }

    @Test
    void debugModeFindsAWrongSize() {
        long address = checked.allocate(24);
        assertThatThrownBy(() -> checked.free(address, 23)).hasMessageContaining("allocated with");
    }

    @Test
    void debugModeFindsAWritePastTheEnd() {
        long address = checked.allocate(13);
        checked.checkCanaries();
        Memory.putByte(address + 13, (byte) 0);
        assertThatThrownBy(checked::checkCanaries).hasMessageContaining("past the end");
        assertThatThrownBy(() -> checked.free(address, 13)).hasMessageContaining("past the end");
    }

    @Test
    void debugModeFindsAWriteAfterFree() {
        long kept = checked.allocate(40);
        long address = checked.allocate(40);
        checked.free(address, 40);
        Memory.putByte(address + 20, (byte) 1);
        assertThatThrownBy(() -> checked.allocate(40)).hasMessageContaining("after it was freed");
        checked.free(kept, 40);
    }

    @Test
    void debugModePoisonsWhatIsFreed() {
        long kept = checked.allocate(40);
        long address = checked.allocate(40);
        Memory.fill(address, 40, (byte) 1);
        checked.free(address, 40);
        assertThat(Memory.getLong(address + 16)).isEqualTo(0xdbdbdbdbdbdbdbdbL);
        checked.free(kept, 40);
    }

    @Test
    void debugModeAccountsForTheSameBytes() {
        for (int bytes = 1; bytes < 30_000; bytes += 7) {
            long before = checked.allocatedBytes();
            long address = checked.allocate(bytes);
            assertThat(checked.allocatedBytes() - before).isEqualTo(Allocator.cellSize(bytes));
            checked.free(address, bytes);
        }
        assertThat(checked.allocatedBytes()).isZero();
    }

    @Test
    void runFreedWithAnotherLengthIsRefused() {
        long address = allocator.allocate(100_000);
        assertThatThrownBy(() -> allocator.free(address, 50_000)).hasMessageContaining("pages");
    }
}
