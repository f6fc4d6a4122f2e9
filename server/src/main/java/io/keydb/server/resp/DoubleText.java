package io.keydb.server.resp;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * Doubles as C's {@code printf("%.17g")} writes them, which is what Redis sends: 17 significant
 * digits without trailing zeros, plain for exponents from -4 to 16, otherwise with an exponent of
 * at least two digits.
 *
 * <p>Threads: stateless.
 */
public final class DoubleText {

    private static final int PRECISION = 17;
    private static final MathContext ROUNDING = new MathContext(PRECISION, RoundingMode.HALF_EVEN);

    /** Below this every double without a fraction has at most 17 digits. */
    private static final double GREATEST_PLAIN_INTEGER = 1e17;

    private DoubleText() {}

    /** Tells whether the value is written as a plain integer, that is as {@code (long) value}. */
    public static boolean isPlainInteger(double value) {
        return value == (long) value
                && Math.abs(value) < GREATEST_PLAIN_INTEGER
                && (value != 0 || 1 / value > 0);
    }

    /** The text of any value, ASCII; allocates. */
    public static byte[] bytes(double value) {
        return text(value).getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(ROUNDING).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < PRECISION) {
            return rounded.toPlainString();
        }
        String digits = rounded.unscaledValue().abs().toString();
        StringBuilder text = new StringBuilder(32);
        if (value < 0) {
            text.append('-');
        }
        text.append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        text.append('e').append(exponent < 0 ? '-' : '+');
        int magnitude = Math.abs(exponent);
        if (magnitude < 10) {
            text.append('0');
        }
        return text.append(magnitude).toString();
    }
}
