package io.keydb.server.scripting.library;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Numbers as text with a number of significant digits at most, as {@code %g} of C writes them.
 *
 * <p>Threads: immutable.
 */
final class NumberText {
    /** Integers below are exact in a double and have no more digits than {@code %.14g} shows. */
    private static final double EXACT = 1e14;

    private NumberText() {}

    /**
     * A number as text.
     *
     * @param digits significant digits, at least 1
     */
    static String of(double number, int digits) {
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (Double.isNaN(number)) {
            return Double.doubleToRawLongBits(number) < 0 ? "-nan" : "nan";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0" : "0";
        }
        if (digits == 14 && number == (long) number && Math.abs(number) < EXACT) {
            return Long.toString((long) number);
        }
        BigDecimal rounded =
                new BigDecimal(number).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        String unscaled = rounded.unscaledValue().abs().toString();
        int exponent = unscaled.length() - 1 - rounded.scale();
        String significant = withoutTrailingZeros(unscaled);
        StringBuilder text = new StringBuilder(32);
        if (number < 0) {
            text.append('-');
        }
        if (exponent < -4 || exponent >= digits) {
            appendScientific(text, significant, exponent);
        } else {
            appendPlain(text, significant, exponent);
        }
        return text.toString();
    }

    private static void appendScientific(StringBuilder text, String digits, int exponent) {
        text.append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        text.append('e').append(exponent < 0 ? '-' : '+');
        int size = Math.abs(exponent);
        if (size < 10) {
            text.append('0');
        }
        text.append(size);
    }

    private static void appendPlain(StringBuilder text, String digits, int exponent) {
        if (exponent < 0) {
            text.append("0.").repeat('0', -exponent - 1).append(digits);
        } else if (digits.length() <= exponent + 1) {
            text.append(digits).repeat('0', exponent + 1 - digits.length());
        } else {
            text.append(digits, 0, exponent + 1)
                    .append('.')
                    .append(digits, exponent + 1, digits.length());
        }
    }

    private static String withoutTrailingZeros(String digits) {
        int end = digits.length();
        while (end > 1 && digits.charAt(end - 1) == '0') {
            end--;
        }
        return digits.substring(0, end);
    }
}
