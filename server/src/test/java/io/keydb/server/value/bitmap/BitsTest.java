package io.keydb.server.value.bitmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bits against loops over single bits and against big integers. */
class BitsTest {
    private final Pages pages = new Pages();
    private final long seed = Long.getLong("keydb.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void countingAndFindingAgreeWithLookingAtEveryBit() {
        try (OffHeapBuffer buffer = new OffHeapBuffer(pages)) {
            for (int round = 0; round < 3000; round++) {
                byte[] bytes = bytes(1 + random.nextInt(100));
                buffer.clear();
                buffer.append(bytes);
                int bits = bytes.length * 8;
                int from = random.nextInt(bits);
                int to = from + random.nextInt(bits - from);
                int ones = 0;
                int[] first = {-1, -1};
                for (int i = to; i >= from; i--) {
                    int bit = bytes[i / 8] >> (7 - i % 8) & 1;
                    ones += bit;
                    first[bit] = i;
                    assertThat(Bits.bit(buffer.address(), i)).isEqualTo(bit);
                }
                String where = "seed " + seed + ", " + from + " to " + to;
                assertThat(Bits.count(buffer.address(), from, to)).as(where).isEqualTo(ones);
                assertThat(Bits.find(buffer.address(), from, to, 0)).as(where).isEqualTo(first[0]);
                assertThat(Bits.find(buffer.address(), from, to, 1)).as(where).isEqualTo(first[1]);
            }
        }
    }

    @Test
    void operationsAgreeWithThoseOnSingleBytes() {
        try (OffHeapBuffer buffer = new OffHeapBuffer(pages);
                OffHeapBuffer other = new OffHeapBuffer(pages)) {
            for (int round = 0; round < 1000; round++) {
                byte[] one = bytes(1 + random.nextInt(60));
                byte[] two = bytes(random.nextInt(one.length + 1));
                other.clear();
                other.append(two);
                byte[] padded = Arrays.copyOf(two, one.length);
                for (int operation = 0; operation < 4; operation++) {
                    buffer.clear();
                    buffer.append(one);
                    long to = buffer.address();
                    byte[] expected = one.clone();
                    for (int i = 0; i < one.length; i++) {
                        expected[i] =
                                (byte)
                                        switch (operation) {
                                            case 0 -> one[i] & padded[i];
                                            case 1 -> one[i] | padded[i];
                                            case 2 -> one[i] ^ padded[i];
                                            default -> ~one[i];
                                        };
                    }
                    switch (operation) {
                        case 0 -> BitOperations.and(to, one.length, other.address(), two.length);
                        case 1 -> BitOperations.or(to, other.address(), two.length);
                        case 2 -> BitOperations.xor(to, other.address(), two.length);
                        default -> BitOperations.not(to, one.length);
                    }
                    assertThat(Memory.bytes(to, one.length)).as("seed " + seed).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void shiftsAgreeWithThoseOfBigIntegers() {
        try (OffHeapBuffer from = new OffHeapBuffer(pages);
                OffHeapBuffer to = new OffHeapBuffer(pages)) {
            for (int round = 0; round < 3000; round++) {
                byte[] bytes = bytes(random.nextInt(40));
                int bits = random.nextInt(400) - 200;
                int length = (int) BitOperations.shiftedLength(bytes.length, bits);
                from.clear();
                from.append(bytes);
                from.appendByte(0x7f);
                to.clear();
                long result = to.reserve(length + 1);
                Memory.putByte(result + length, (byte) 0x55);
                BitOperations.shift(from.address(), bytes.length, bits, result);
                BigInteger shifted = new BigInteger(1, reversed(bytes)).shiftLeft(bits);
                String where = "seed " + seed + ", " + bits + " bits of " + bytes.length;
                assertThat(new BigInteger(1, reversed(Memory.bytes(result, length))))
                        .as(where)
                        .isEqualTo(shifted);
                assertThat(Memory.getByte(result + length)).as(where).isEqualTo((byte) 0x55);
            }
        }
    }

    @Test
    void fieldsHoldWhatWasPutThereAndNothingBesidesChanges() {
        try (OffHeapBuffer buffer = new OffHeapBuffer(pages)) {
            for (int round = 0; round < 3000; round++) {
                byte[] bytes = bytes(30);
                buffer.clear();
                buffer.append(bytes);
                boolean signed = random.nextBoolean();
                int bits = 1 + random.nextInt(signed ? 64 : 63);
                int position = random.nextInt(240 - bits);
                long value = random.nextLong();
                BitField.put(buffer.address(), position, bits, value);
                long kept =
                        signed
                                ? value << (64 - bits) >> (64 - bits)
                                : value << (64 - bits) >>> (64 - bits);
                assertThat(BitField.get(buffer.address(), 30, position, bits, signed))
                        .as("seed " + seed)
                        .isEqualTo(kept);
                for (int i = 0; i < 240; i++) {
                    if (i < position || i >= position + bits) {
                        assertThat(Bits.bit(buffer.address(), i))
                                .as("seed " + seed)
                                .isEqualTo(bytes[i / 8] >> (7 - i % 8) & 1);
                    }
                }
            }
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        switch (random.nextInt(4)) {
            case 0 -> Arrays.fill(bytes, (byte) 0xff);
            case 1 -> {}
            default -> random.nextBytes(bytes);
        }
        if (length > 0 && random.nextBoolean()) {
            bytes[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }
}
