package io.keydb.server.support;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The checksums have the published check values, and taking eight bytes per step changes nothing.
 */
class ChecksumTest {

    private static final byte[] CHECK = "123456789".getBytes(US_ASCII);

    @Test
    void crc16OfTheCheckStringIsThatOfXmodem() {
        assertThat(Crc16.of(CHECK)).isEqualTo(0x31c3);
    }

    @Test
    void crc64OfTheCheckStringIsThatOfRdbFiles() {
        assertThat(Crc64.of(CHECK)).isEqualTo(0xe9c6d914c4b8d9caL);
    }

    @Test
    void crc16EqualsTheBitwiseDefinitionForAllLengths() {
        Random random = new Random(1);
        for (int length = 0; length < 100; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            int expected = 0;
            for (byte value : bytes) {
                expected ^= (value & 0xff) << 8;
                for (int bit = 0; bit < 8; bit++) {
                    expected = (expected & 0x8000) != 0 ? (expected << 1) ^ 0x1021 : expected << 1;
                }
                expected &= 0xffff;
            }
            assertThat(Crc16.of(bytes)).as("length %d", length).isEqualTo(expected);
        }
    }

    @Test
    void crc64OfTwoPartsIsThatOfTheWhole() {
        Random random = new Random(2);
        for (int length = 0; length < 60; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            long bytewise = 0;
            for (int i = 0; i < length; i++) {
                bytewise = Crc64.update(bytewise, bytes, i, 1);
            }
            assertThat(Crc64.of(bytes)).isEqualTo(bytewise);
            for (int split = 0; split <= length; split++) {
                long first = Crc64.update(0, bytes, 0, split);
                assertThat(Crc64.update(first, bytes, split, length - split)).isEqualTo(bytewise);
            }
        }
    }
}
