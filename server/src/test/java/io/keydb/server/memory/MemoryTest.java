package io.keydb.server.memory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every length takes the path made for it, with the same result as an array operation. */
class MemoryTest {

    private static final int LONGEST = 300;

    private final Pages pages = new Pages();
    private final long a = pages.allocate(4096, Pages.NO_OWNER);
    private final long b = pages.allocate(4096, Pages.NO_OWNER);
    private final Random random = new Random(7);

    @AfterEach
    void close() {
        pages.close();
    }

    @Test
    void numbersAreLittleEndianAndUnaligned() {
        Memory.putLong(a + 1, 0x0102030405060708L);
        assertThat(Memory.getByte(a + 1)).isEqualTo((byte) 8);
        assertThat(Memory.getShort(a + 1)).isEqualTo((short) 0x0708);
        assertThat(Memory.getInt(a + 5)).isEqualTo(0x01020304);
        Memory.putDouble(a + 3, 1.5);
        assertThat(Memory.getDouble(a + 3)).isEqualTo(1.5);
        assertThat(Memory.getLong(a + 3)).isEqualTo(Double.doubleToLongBits(1.5));
        Memory.putInt(a + 7, -2);
        Memory.putShort(a + 11, (short) -3);
        assertThat(Memory.getInt(a + 7)).isEqualTo(-2);
        assertThat(Memory.getShort(a + 11)).isEqualTo((short) -3);
    }

    @Test
    void copiesOfAllLengthsAreExact() {
        for (int length = 0; length <= LONGEST; length++) {
            byte[] bytes = randomBytes(length + 2);
            Memory.fill(a, LONGEST + 16, (byte) 0x55);
            Memory.fill(b, LONGEST + 16, (byte) 0x55);
            Memory.copyIn(bytes, 1, a + 3, length);
            Memory.copy(a + 3, b + 5, length);
            byte[] out = new byte[length + 2];
            Memory.copyOut(b + 5, out, 1, length);
            assertThat(Arrays.copyOfRange(out, 1, length + 1))
                    .as("length %d", length)
                    .isEqualTo(Arrays.copyOfRange(bytes, 1, length + 1));
            assertThat(out[0] + out[length + 1]).isZero();
            assertThat(Memory.getByte(a + 2)).isEqualTo((byte) 0x55);
            assertThat(Memory.getByte(a + 3 + length)).isEqualTo((byte) 0x55);
            assertThat(Memory.getByte(b + 4)).isEqualTo((byte) 0x55);
            assertThat(Memory.getByte(b + 5 + length)).isEqualTo((byte) 0x55);
        }
    }

    @Test
    void overlappingCopiesMoveTheOriginalBytes() {
        for (int length = 0; length <= LONGEST; length++) {
            for (int distance : new int[] {-9, -3, -1, 1, 2, 8, 17}) {
                byte[] bytes = randomBytes(length);
                Memory.copyIn(bytes, 0, a + 32, length);
                Memory.copy(a + 32, a + 32 + distance, length);
                assertThat(Memory.bytes(a + 32 + distance, length))
                        .as("length %d by %d", length, distance)
                        .isEqualTo(bytes);
            }
        }
    }

    @Test
    void fillTouchesNothingElse() {
        for (int length = 0; length <= 100; length++) {
            Memory.fill(a, 128, (byte) 1);
            Memory.fill(a + 8, length, (byte) 2);
            byte[] expected = new byte[128];
            Arrays.fill(expected, (byte) 1);
            Arrays.fill(expected, 8, 8 + length, (byte) 2);
            assertThat(Memory.bytes(a, 128)).isEqualTo(expected);
        }
    }

    @Test
    void equalSeesADifferenceInEveryByte() {
        for (int length = 0; length <= LONGEST; length++) {
            byte[] bytes = randomBytes(length);
            Memory.copyIn(bytes, 0, a + 1, length);
            Memory.copyIn(bytes, 0, b + 2, length);
            assertThat(Memory.equal(a + 1, b + 2, length)).as("length %d", length).isTrue();
            for (int i = 0; i < length; i++) {
                Memory.putByte(b + 2 + i, (byte) (bytes[i] ^ 0x80));
                assertThat(Memory.equal(a + 1, b + 2, length)).isFalse();
                Memory.putByte(b + 2 + i, bytes[i]);
            }
        }
    }

    @Test
    void compareIsUnsignedAndLexicographic() {
        for (int i = 0; i < 20_000; i++) {
            byte[] x = randomBytes(random.nextInt(40));
            byte[] y = random.nextBoolean() ? x.clone() : randomBytes(random.nextInt(40));
            if (y.length > 0 && random.nextBoolean()) {
                y[random.nextInt(y.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Memory.copyIn(x, 0, a, x.length);
            Memory.copyIn(y, 0, b, y.length);
            assertThat(Integer.signum(Memory.compare(a, x.length, b, y.length)))
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(x, y)));
        }
    }

    @Test
    void hashesOfArrayAndAddressAreEqualAndDependOnEveryBit() {
        for (int length = 0; length <= 200; length++) {
            byte[] bytes = randomBytes(length);
            Memory.copyIn(bytes, 0, a + 1, length);
            long hash = Hashing.hash(bytes);
            assertThat(Hashing.hash(a + 1, length)).as("length %d", length).isEqualTo(hash);
            for (int bit = 0; bit < length * 8; bit++) {
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
                assertThat(Hashing.hash(bytes)).isNotEqualTo(hash);
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
            }
        }
    }

    @Test
    void hashesOfSimilarKeysSpreadOverTopAndLowBits() {
        int keys = 1 << 16;
        int[] top = new int[256];
        int[] low = new int[256];
        for (int i = 0; i < keys; i++) {
            long hash = Hashing.hash(("key:" + (1_000_000 + i)).getBytes(US_ASCII));
            top[(int) (hash >>> 56)]++;
            low[(int) hash & 0xff]++;
        }
        // 256 expected in each; eight standard deviations either way.
        for (int i = 0; i < 256; i++) {
            assertThat(top[i]).isBetween(128, 384);
            assertThat(low[i]).isBetween(128, 384);
        }
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
