package io.keydb.server.value.string;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Floating-point numbers of 64 significant bits, which is what INCRBYFLOAT of stock counts with on
 * x86-64 (C's {@code long double}), and their text.
 *
 * <p>Sums are exact decimals rounded to 64 significant bits; the text has 17 decimals at most,
 * without trailing zeros. So 0.1 added to 10.5 gives 10.6, as stock says.
 *
 * <p>Threads: immutable.
 */
public final class LongDouble {
    private static final int SIGNIFICANT_BITS = 64;
    private static final int DECIMALS = 17;
    private static final int LONGEST_EXPONENT = 6;

    /** The longest text that {@link #parse} takes for a number. */
    public static final int LONGEST_TEXT = 5 * 1024;

    private static final int LARGEST_EXPONENT = 4932;

    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9.]+([eE][-+]?[0-9]{1,9})?");
    private static final Pattern HEXADECIMAL =
            Pattern.compile(
                    "(?<sign>[-+]?)0[xX](?<whole>[0-9a-fA-F]*)(\\.(?<part>[0-9a-fA-F]*))?"
                            + "([pP](?<exponent>[-+]?[0-9]+))?");

    private LongDouble() {}

    /**
     * The number the text spells, rounded to 64 significant bits; null when it spells none.
     * Infinities and not-a-number are not spelled here: see {@link #isInfinite}.
     */
    public static @Nullable BigDecimal parse(byte[] text) {
        if (text.length == 0 || text.length > LONGEST_TEXT) {
            return null;
        }
        String spelled = new String(text, StandardCharsets.ISO_8859_1);
        try {
            Matcher hexadecimal = HEXADECIMAL.matcher(spelled);
            BigDecimal value =
                    hexadecimal.matches()
                            ? hexadecimal(hexadecimal)
                            : DECIMAL.matcher(spelled).matches() ? new BigDecimal(spelled) : null;
            if (value == null) {
                return null;
            }
            long exponent = (long) value.precision() - value.scale();
            if (value.signum() != 0 && Math.abs(exponent) > LARGEST_EXPONENT) {
                return null;
            }
            return round(value);
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    /** C reads {@code 0x1.8p3} as 1.5 times 2 to the power of 3. */
    private static @Nullable BigDecimal hexadecimal(Matcher parts) {
        String digits =
                parts.group("whole") + (parts.group("part") == null ? "" : parts.group("part"));
        String exponent = parts.group("exponent") == null ? "0" : parts.group("exponent");
        if (digits.isEmpty() || exponent.length() > LONGEST_EXPONENT) {
            return null;
        }
        BigDecimal value = new BigDecimal(new BigInteger(digits, 16));
        int power =
                Integer.parseInt(exponent) - 4 * (digits.length() - parts.group("whole").length());
        BigDecimal scale = new BigDecimal(BigInteger.TWO.pow(Math.abs(power)));
        value = power >= 0 ? value.multiply(scale) : value.divide(scale, MathContext.UNLIMITED);
        return parts.group("sign").equals("-") ? value.negate() : value;
    }

    /** Whether the text spells an infinity. */
    public static boolean isInfinite(byte[] text) {
        String spelled = new String(text, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        if (spelled.startsWith("+") || spelled.startsWith("-")) {
            spelled = spelled.substring(1);
        }
        return spelled.equals("inf") || spelled.equals("infinity");
    }

    /** The sum, rounded to 64 significant bits. */
    public static BigDecimal add(BigDecimal a, BigDecimal b) {
        return round(a.add(b));
    }

    /** The text: up to 17 decimals, no exponent, no trailing zeros. */
    public static byte[] text(BigDecimal value) {
        BigDecimal shown = value.setScale(DECIMALS, RoundingMode.HALF_EVEN).stripTrailingZeros();
        String text = shown.signum() == 0 ? "0" : shown.toPlainString();
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Rounds to 64 significant bits, half to even. */
    private static BigDecimal round(BigDecimal value) {
        if (value.signum() == 0) {
            return BigDecimal.ZERO;
        }
        if (value.scale() <= 0 && value.precision() - value.scale() <= 19) {
            return value;
        }
        // value = n / 10^scale; find e so that value / 2^e has 64 bits before the point.
        BigInteger numerator = value.unscaledValue().abs();
        BigInteger denominator = BigInteger.ONE;
        if (value.scale() > 0) {
            denominator = BigInteger.TEN.pow(value.scale());
        } else {
            numerator = numerator.multiply(BigInteger.TEN.pow(-value.scale()));
        }
        int exponent = numerator.bitLength() - denominator.bitLength() - SIGNIFICANT_BITS;
        BigInteger mantissa = divide(numerator, denominator, exponent);
        if (mantissa.bitLength() > SIGNIFICANT_BITS) {
            exponent++;
            mantissa = divide(numerator, denominator, exponent);
        }
        BigDecimal rounded = new BigDecimal(mantissa);
        rounded =
                exponent >= 0
                        ? rounded.multiply(new BigDecimal(BigInteger.TWO.pow(exponent)))
                        : rounded.divide(
                                new BigDecimal(BigInteger.TWO.pow(-exponent)),
                                MathContext.UNLIMITED);
        return value.signum() < 0 ? rounded.negate() : rounded;
    }

    /** numerator / denominator / 2^exponent, rounded half to even. */
    private static BigInteger divide(BigInteger numerator, BigInteger denominator, int exponent) {
        BigInteger above = exponent < 0 ? numerator.shiftLeft(-exponent) : numerator;
        BigInteger below = exponent > 0 ? denominator.shiftLeft(exponent) : denominator;
        BigInteger[] parts = above.divideAndRemainder(below);
        int half = parts[1].shiftLeft(1).compareTo(below);
        boolean up = half > 0 || (half == 0 && parts[0].testBit(0));
        return up ? parts[0].add(BigInteger.ONE) : parts[0];
    }
}
