package io.keydb.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Doubles are read as C reads them. */
class FloatTextTest {

    private static double parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        long address = NativeHeap.allocate(bytes.length + 1);
        try {
            Memory.copyIn(bytes, 0, address, bytes.length);
            return FloatText.parse(address, bytes.length);
        } finally {
            NativeHeap.free(address, bytes.length + 1);
        }
    }

    @Test
    void readsWhatJavaReads() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            double value =
                    switch (i % 4) {
                        case 0 -> Double.longBitsToDouble(random.nextLong());
                        case 1 -> random.nextInt() / 1000.0;
                        case 2 -> random.nextDouble();
                        default -> random.nextLong();
                    };
            if (!Double.isNaN(value) && !Double.isInfinite(value)) {
                assertThat(parse(Double.toString(value))).isEqualTo(value);
                assertThat(parse(String.format("%.17e", value))).isEqualTo(value);
            }
        }
    }

    @Test
    void readsOtherForms() {
        assertThat(parse("inf")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(parse("+Infinity")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(parse("-INF")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(parse("0x10")).isEqualTo(16);
        assertThat(parse("-0x1.8p1")).isEqualTo(-3);
        assertThat(parse("1.")).isEqualTo(1);
        assertThat(parse(".5")).isEqualTo(0.5);
        assertThat(parse("+5e-1")).isEqualTo(0.5);
        assertThat(Double.doubleToRawLongBits(parse("-0")))
                .isEqualTo(Double.doubleToRawLongBits(-0.0));
        assertThat(parse("9223372036854775808")).isEqualTo(9223372036854775808.0);
        assertThat(parse("-9999999999999999999")).isEqualTo(-1e19);
        assertThat(parse("0e500")).isZero();
        assertThat(parse("9223372036854775808")).isEqualTo(0x1p63);
        assertThat(parse("18446744073709551616.5")).isEqualTo(0x1p64);
        assertThat(parse("9631094501.238409123")).isEqualTo(9631094501.238409123);
        assertThat(parse("0.000000000000000000001")).isEqualTo(1e-21);
        assertThat(parse("123456789012345678901234567890")).isEqualTo(1.2345678901234568e29);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " 1", "1 ", "-", "+", ".", "1e", "1e+", "nan", "-nan", "1.2.3", "1f", "1d",
                "0x", "0xg", "1e400", "-1e400", "1e-400", "infi", "--1", "1_0", "\u0663"
            })
    void refusesTheRest(String text) {
        assertThat(parse(text)).isNaN();
    }
}
