package io.keydb.server.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.Pages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Every combination of fields and lengths keeps all that is stored in it, in exactly the bytes
 * allocated.
 */
class RecordTest {

    private static final int[] KEY_LENGTHS = {0, 1, 16, 255, 256, 70_000};
    private static final long[] VALUE_LENGTHS = {0, 1, 8, 255, 256, 100_000};

    private final Pages pages = new Pages();
    private final Allocator allocator = new Allocator(pages, true);
    private final long key = allocator.allocate(70_000);

    RecordTest() {
        for (int i = 0; i < 70_000; i++) {
            Memory.putByte(key + i, (byte) (i * 31));
        }
    }

    @AfterEach
    void nothingLeaks() {
        allocator.free(key, 70_000);
        assertThat(allocator.allocatedBytes()).isZero();
        pages.close();
    }

    @Test
    void allCombinationsKeepWhatIsStored() {
        for (int fields = 0; fields < 8; fields++) {
            for (int encoding = Record.INT; encoding <= Record.EMPTY; encoding++) {
                int shape =
                        Record.shape(
                                Record.STREAM,
                                encoding,
                                (fields & 1) != 0,
                                (fields & 2) != 0,
                                (fields & 4) != 0);
                for (int keyLength : KEY_LENGTHS) {
                    for (long valueLength : VALUE_LENGTHS) {
                        assertKeeps(shape, encoding, keyLength, valueLength);
                    }
                }
            }
        }
    }

    private void assertKeeps(int shape, int encoding, int keyLength, long valueLength) {
        long record = Record.create(allocator, shape, key, keyLength, valueLength);
        long expectedValueLength =
                switch (encoding) {
                    case Record.INT -> 8;
                    case Record.LARGE -> 24;
                    case Record.EMPTY -> 0;
                    default -> valueLength;
                };
        assertThat(Record.expiry(record)).isEqualTo(Record.hasExpiry(record) ? 0 : -1);
        assertThat(Record.stamp(record)).isZero();
        assertThat(Record.origin(record)).isZero();
        assertThat(Record.access(record)).isZero();
        long size = Record.sizeFor(shape, keyLength, valueLength);
        assertThat(Record.sizeOf(record)).isEqualTo(size);

        Memory.fill(Record.valueAddress(record), expectedValueLength, (byte) 0xff);
        if (Record.hasExpiry(record)) {
            Record.setExpiry(record, 0x0123456789abcdefL);
        }
        if (Record.hasStamp(record)) {
            Record.setStamp(record, 0x8070605040302010L, 65_535);
        }
        if (Record.hasAccess(record)) {
            Record.setAccess(record, 0xfedcba);
        }

        assertThat(Record.shapeOf(record)).isEqualTo(shape);
        assertThat(Record.type(record)).isEqualTo(Record.STREAM);
        assertThat(Record.encoding(record)).isEqualTo(encoding);
        assertThat(Record.keyLength(record)).isEqualTo(keyLength);
        assertThat(Memory.equal(Record.keyAddress(record), key, keyLength)).isTrue();
        assertThat(Record.valueLength(record)).isEqualTo(expectedValueLength);
        assertThat(Record.valueAddress(record) + expectedValueLength).isEqualTo(record + size);
        assertThat(Record.expiry(record))
                .isEqualTo(Record.hasExpiry(record) ? 0x0123456789abcdefL : -1);
        assertThat(Record.stamp(record))
                .isEqualTo(Record.hasStamp(record) ? 0x8070605040302010L : 0);
        assertThat(Record.origin(record)).isEqualTo(Record.hasStamp(record) ? 65_535 : 0);
        assertThat(Record.access(record)).isEqualTo(Record.hasAccess(record) ? 0xfedcba : 0);
        allocator.free(record, size);
    }

    @Test
    void numberAndLargeValueAreKept() {
        int numberShape = Record.shape(Record.STRING, Record.INT, false, false, false);
        long number = Record.create(allocator, numberShape, key, 5, 0);
        Record.setNumber(number, Long.MIN_VALUE);
        assertThat(Record.number(number)).isEqualTo(Long.MIN_VALUE);
        allocator.free(number, Record.sizeOf(number));

        int largeShape = Record.shape(Record.STRING, Record.LARGE, false, false, false);
        long large = Record.create(allocator, largeShape, key, 5, 0);
        Record.setLarge(large, 1L << 46, 5_000_000_000L, 6_000_000_000L);
        assertThat(Record.largeAddress(large)).isEqualTo(1L << 46);
        assertThat(Record.largeLength(large)).isEqualTo(5_000_000_000L);
        assertThat(Record.largeCapacity(large)).isEqualTo(6_000_000_000L);
        allocator.free(large, Record.sizeOf(large));
    }

    @Test
    void commonRecordsAreSmall() {
        int withAccess = Record.shape(Record.STRING, Record.EMBSTR, false, false, true);
        assertThat(Record.sizeFor(withAccess, 16, 8)).isLessThanOrEqualTo(32);
        int member = Record.shape(Record.SET, Record.EMPTY, false, false, false);
        assertThat(Record.sizeFor(member, 10, 0)).isEqualTo(13);
    }

    @Test
    void tombstoneIsARecordOfItsOwnType() {
        int shape = Record.shape(Record.TOMBSTONE, Record.EMPTY, false, true, false);
        long record = Record.create(allocator, shape, key, 300, 0);
        assertThat(Record.type(record)).isEqualTo(Record.TOMBSTONE);
        assertThat(Record.valueLength(record)).isZero();
        allocator.free(record, Record.sizeOf(record));
    }
}
