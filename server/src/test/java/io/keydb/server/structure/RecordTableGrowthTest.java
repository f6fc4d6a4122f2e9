package io.keydb.server.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a million keys cost, and that a table that loses them gives the memory back. */
class RecordTableGrowthTest {

    private static final int KEYS = 1_000_000;

    private final String debug = System.getProperty("keydb.memory.debug", "false");

    /** Canaries would be measured too. */
    @BeforeEach
    void switchDebugModeOff() {
        System.setProperty("keydb.memory.debug", "false");
    }

    @AfterEach
    void switchDebugModeBack() {
        System.setProperty("keydb.memory.debug", debug);
    }

    @Test
    void aMillionKeysCostAtMost43BytesEach() {
        try (TestRecords records = new TestRecords(false)) {
            double worstOverhead = 0;
            for (int i = 0; i < KEYS; i++) {
                records.put(key(i), i);
                if (i > 10_000 && i % 1_000 == 0) {
                    double overhead = (double) RecordTable.bytes(records.table) / (i + 1);
                    worstOverhead = Math.max(worstOverhead, overhead);
                }
            }
            RecordTable.checkInvariants(records.table);
            double bytes = (double) records.allocatedBytes() / KEYS;
            double overhead = (double) RecordTable.bytes(records.table) / KEYS;
            double committed = (double) records.allocator.committedBytes() / KEYS;
            System.out.printf(
                    Locale.ROOT,
                    "1M keys: %.2f bytes per record, of which table %.2f (worst on the way %.2f);"
                            + " committed %.2f%n",
                    bytes,
                    overhead,
                    worstOverhead,
                    committed);
            assertThat(bytes).isLessThanOrEqualTo(43);
            assertThat(worstOverhead).isLessThanOrEqualTo(10.7);
            assertThat(committed).isLessThanOrEqualTo(46);

            for (int i = 0; i < KEYS; i++) {
                assertThat(records.remove(key(i))).isTrue();
            }
            assertThat(RecordTable.bytes(records.table)).isZero();
            assertThat(records.allocatedBytes()).isZero();
            // Two slabs: of the test's scratch bytes and of the root.
            assertThat(records.allocator.committedBytes()).isLessThanOrEqualTo(128 << 10);
        }
    }

    private static String key(int i) {
        String digits = Integer.toString(i);
        return "key:" + "0".repeat(12 - digits.length()) + digits;
    }
}
