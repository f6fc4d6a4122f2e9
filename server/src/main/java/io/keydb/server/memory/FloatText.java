package io.keydb.server.memory;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Doubles as text in memory, read as C's {@code strtod} reads them: decimal and hexadecimal
 * numbers, infinity by its names; no blanks around, and nothing beyond the range of a double.
 *
 * <p>Numbers of at most 15 digits and 22 decimals, nearly all that occur, are a whole number
 * divided by a power of ten, both exact, so the quotient is rounded once and right. All others take
 * the way through a string.
 *
 * <p>Threads: stateless.
 */
public final class FloatText {
    private static final long LARGEST_EXACT = 1L << 53;

    /** Longer text is no number. */
    private static final int LONGEST = 64 << 10;

    /** So many digits never overflow. */
    private static final int MOST_DIGITS = 18;

    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };

    private FloatText() {}

    /** The number the bytes spell; not-a-number when they spell none. */
    public static double parse(long address, long length) {
        if (length <= 0 || length > LONGEST) {
            return Double.NaN;
        }
        long end = address + length;
        byte sign = Memory.getByte(address);
        long at = sign == '-' || sign == '+' ? address + 1 : address;
        long number = 0;
        int digits = 0;
        int decimals = -1;
        for (; at < end && digits < MOST_DIGITS; at++) {
            int digit = Memory.getByte(at) - '0';
            if (digit >= 0 && digit <= 9) {
                number = number * 10 + digit;
                digits++;
                decimals += decimals >= 0 ? 1 : 0;
            } else if (digit == '.' - '0' && decimals < 0) {
                decimals = 0;
            } else {
                break;
            }
        }
        if (at < end || digits == 0 || number > LARGEST_EXACT || decimals >= POWERS.length) {
            return general(Memory.bytes(address, (int) length), false);
        }
        double magnitude = decimals > 0 ? number / POWERS[decimals] : number;
        return sign == '-' ? -magnitude : magnitude;
    }

    /**
     * The same as C reads a number without looking at errors, which is how the ends of score ranges
     * are read: nothing at all is zero, blanks may come first, what is too large is infinite.
     */
    public static double parseLeniently(long address, long length) {
        double value = parse(address, length);
        if (!Double.isNaN(value)) {
            return value;
        }
        long skipped = 0;
        while (skipped < length && isBlank(Memory.getByte(address + skipped))) {
            skipped++;
        }
        if (length == 0 || skipped == length || length > LONGEST) {
            return length == 0 ? 0 : Double.NaN;
        }
        return general(Memory.bytes(address + skipped, (int) (length - skipped)), true);
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || (character >= '\t' && character <= '\r');
    }

    private static double general(byte[] bytes, boolean anySize) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        boolean signed = text.charAt(0) == '-' || text.charAt(0) == '+';
        String magnitude = signed ? text.substring(1) : text;
        double value;
        if (magnitude.equals("inf") || magnitude.equals("infinity")) {
            value = Double.POSITIVE_INFINITY;
        } else if (magnitude.startsWith("0x")) {
            value = hexadecimal(magnitude, anySize);
        } else {
            value = decimal(magnitude, anySize);
        }
        return text.charAt(0) == '-' ? -value : value;
    }

    private static double decimal(String text, boolean anySize) {
        int i = digits(text, 0, 10);
        if (i < 0 || (i < text.length() && !isExponent(text, i, 'e'))) {
            return Double.NaN;
        }
        double value = Double.parseDouble(text);
        return anySize ? value : inRange(text, 0, i, value);
    }

    private static double hexadecimal(String text, boolean anySize) {
        int i = digits(text, 2, 16);
        if (i < 0 || (i < text.length() && !isExponent(text, i, 'p'))) {
            return Double.NaN;
        }
        double value = Double.parseDouble(i == text.length() ? text + "p0" : text);
        return anySize ? value : inRange(text, 2, i, value);
    }

    /** Goes over digits with at most one point among them; -1 when there is no digit. */
    private static int digits(String text, int from, int radix) {
        int digits = 0;
        int points = 0;
        int i = from;
        for (; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' && points == 0) {
                points++;
            } else if (c < 128 && Character.digit(c, radix) >= 0) {
                digits++;
            } else {
                break;
            }
        }
        return digits == 0 ? -1 : i;
    }

    private static boolean isExponent(String text, int from, char letter) {
        if (text.charAt(from) != letter) {
            return false;
        }
        int i = from + 1;
        if (i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
            i++;
        }
        int first = i;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i > first && i == text.length();
    }

    /** Not-a-number when the value is beyond what a double can be, or rounded to zero. */
    private static double inRange(String text, int from, int to, double value) {
        if (value == 0) {
            for (int i = from; i < to; i++) {
                if (text.charAt(i) != '0' && text.charAt(i) != '.') {
                    return Double.NaN;
                }
            }
        }
        return Double.isInfinite(value) ? Double.NaN : value;
    }
}
