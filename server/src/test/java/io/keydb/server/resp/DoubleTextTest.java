package io.keydb.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Doubles are told with 17 digits, rounded from all their digits. */
class DoubleTextTest {

    private static String text(double value) {
        return new String(DoubleText.bytes(value), StandardCharsets.US_ASCII);
    }

    private static void check(double value) {
        String expected =
                new BigDecimal(value)
                        .round(new MathContext(17, RoundingMode.HALF_EVEN))
                        .stripTrailingZeros()
                        .toPlainString();
        assertThat(text(value)).isEqualTo(expected);
        assertThat(Double.parseDouble(text(value))).isEqualTo(value);
    }

    @Test
    void equalsTheExactNumberRounded() {
        Random random = new Random(11);
        for (int i = 0; i < 200_000; i++) {
            int exponent = random.nextInt(-12, 56);
            double value = Math.scalb(1 + random.nextDouble(), exponent);
            check(random.nextBoolean() ? value : -value);
            check(random.nextInt() / 1000.0 + 0.5);
            check(random.nextInt(1_000_000) / 64.0 + 0.25);
        }
    }

    @Test
    void isRightAtTheEdges() {
        for (double edge :
                new double[] {0x1p-8, 0x1p52, 1, 10, 0.1, 0.01, 9.999999999999999e15, 1e15, 0.5}) {
            check(edge);
            check(Math.nextUp(edge));
            check(Math.nextDown(edge));
        }
        assertThat(text(0.1)).isEqualTo("0.10000000000000001");
        assertThat(text(-2.5)).isEqualTo("-2.5");
        assertThat(text(1e17)).isEqualTo("1e+17");
        assertThat(text(1e-5)).isEqualTo("1.0000000000000001e-05");
        assertThat(text(-0.0)).isEqualTo("-0");
    }
}
