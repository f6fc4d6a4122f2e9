package io.keydb.server.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is compressed comes back; damage is told, never an error of ours. */
class LzfTest {
    private final LzfCompressor compressor = new LzfCompressor();

    @Test
    void repetitiveBytesShrinkAndComeBack() {
        byte[] original = new byte[10_000];
        for (int i = 0; i < original.length; i++) {
            original[i] = (byte) "abcabd".charAt(i % 6);
        }
        byte[] packed = new byte[original.length];
        int length = compressor.compress(original, original.length, packed, packed.length);
        assertThat(length).isBetween(1, 300);
        byte[] restored = new byte[original.length];
        assertThat(Lzf.decompress(Arrays.copyOf(packed, length), restored)).isTrue();
        assertThat(restored).isEqualTo(original);
    }

    @Test
    void randomInputsOfAllDensitiesComeBack() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            byte[] original = new byte[random.nextInt(2_000)];
            int letters = 1 + random.nextInt(256);
            for (int i = 0; i < original.length; i++) {
                original[i] = (byte) random.nextInt(letters);
            }
            byte[] packed = new byte[original.length * 2 + 10];
            int length = compressor.compress(original, original.length, packed, packed.length);
            byte[] restored = new byte[original.length];
            assertThat(Lzf.decompress(Arrays.copyOf(packed, length), restored))
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(restored).as("seed %d", seed).isEqualTo(original);
        }
    }

    @Test
    void whatDoesNotFitIsNotCompressed() {
        byte[] noise = new byte[1_000];
        new Random(1).nextBytes(noise);
        assertThat(compressor.compress(noise, noise.length, new byte[1_000], 900)).isZero();
    }

    @Test
    void damagedInputIsRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] damaged = new byte[1 + random.nextInt(60)];
            random.nextBytes(damaged);
            if (!Lzf.decompress(damaged, new byte[random.nextInt(200)])) {
                refused++;
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(4_000);
    }
}
