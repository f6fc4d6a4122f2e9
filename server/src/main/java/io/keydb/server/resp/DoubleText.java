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

    /** Below this, a double may have more than 60 bits behind the point. */
    private static final double LEAST_DIRECT = 0x1p-8;

    /** From here on, no double has a bit behind the point. */
    private static final double GREATEST_DIRECT = 0x1p52;

    private static final long SIGNIFICAND = (1L << 52) - 1;
    private static final long SIXTEEN_DIGITS = 10_000_000_000_000_000L;

    private DoubleText() {}

    /** Tells whether the value is written as a plain integer, that is as {@code (long) value}. */
    public static boolean isPlainInteger(double value) {
        return value == (long) value
                && Math.abs(value) < GREATEST_PLAIN_INTEGER
                && (value != 0 || 1 / value > 0);
    }

    /** The text of any value, ASCII; allocates. */
    public static byte[] bytes(double value) {
        double magnitude = Math.abs(value);
        return magnitude >= LEAST_DIRECT && magnitude < GREATEST_DIRECT
                ? direct(magnitude, value < 0)
                : text(value).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The text of a value that has at most 60 bits behind the point, so that ten times those are a
     * long without sign: digit by digit, all of it exact.
     */
    private static byte[] direct(double magnitude, boolean negative) {
        int shift = 52 - Math.getExponent(magnitude);
        long significand =
                (Double.doubleToRawLongBits(magnitude) & SIGNIFICAND) | (SIGNIFICAND + 1);
        long mask = (1L << shift) - 1;
        long digits = significand >>> shift;
        long fraction = significand & mask;
        int decimals = 0;
        while (digits < SIXTEEN_DIGITS) {
            fraction *= 10;
            digits = digits * 10 + (fraction >>> shift);
            fraction &= mask;
            decimals++;
        }
        long half = 1L << (shift - 1);
        if (fraction > half || (fraction == half && (digits & 1) != 0)) {
            digits++;
        }
        while (decimals > 0 && digits % 10 == 0) {
            digits /= 10;
            decimals--;
        }
        return spelled(digits, decimals, negative);
    }

    /** Digits with so many of them behind the point. */
    private static byte[] spelled(long digits, int decimals, boolean negative) {
        int count = Math.max(decimals + 1, digits(digits));
        int sign = negative ? 1 : 0;
        byte[] text = new byte[sign + count + (decimals > 0 ? 1 : 0)];
        long rest = digits;
        for (int i = text.length - 1, left = decimals; i >= sign; i--, left--) {
            if (left == 0 && decimals > 0) {
                text[i--] = '.';
            }
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        if (negative) {
            text[0] = '-';
        }
        return text;
    }

    private static int digits(long number) {
        int count = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            count++;
        }
        return count;
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
