package io.keydb.server.scripting.library;

import io.keydb.server.memory.FloatText;
import io.keydb.server.memory.Memory;
import java.nio.charset.StandardCharsets;

/**
 * Reads the number a text begins with, as {@code strtod} of C does: decimal or hexadecimal,
 * infinity and not-a-number by their names; whatever follows is left. The text ends with a byte
 * that belongs to no number.
 *
 * <p>Threads: confined to one call.
 */
final class FloatScanner {
    private long at;
    private long end;

    /** The number at an address; 0 when there is none. */
    double scan(long address) {
        at = address;
        end = address;
        boolean isNegative = byteAt(0) == '-';
        if (isNegative || byteAt(0) == '+') {
            at++;
        }
        double magnitude = magnitude();
        return isNegative ? -magnitude : magnitude;
    }

    /** Behind the number; where it began, when there is none. */
    long end() {
        return end;
    }

    private double magnitude() {
        if (isWord("inf")) {
            end = at + (isWord("infinity") ? 8 : 3);
            return Double.POSITIVE_INFINITY;
        }
        if (isWord("nan")) {
            end = at + 3;
            skipPayload();
            return Double.NaN;
        }
        if (byteAt(0) == '0' && (byteAt(1) | 0x20) == 'x' && hasDigits(at + 2, 16)) {
            return hexadecimal();
        }
        if (hasDigits(at, 10)) {
            return decimal();
        }
        return 0;
    }

    private double decimal() {
        long from = at;
        skipDigits(10);
        skipExponent('e');
        end = at;
        double value = FloatText.parse(from, at - from);
        return Double.isNaN(value) ? Double.parseDouble(text(from, at)) : value;
    }

    private double hexadecimal() {
        long from = at;
        at += 2;
        skipDigits(16);
        boolean hasExponent = skipExponent('p');
        end = at;
        return Double.parseDouble(text(from, at) + (hasExponent ? "" : "p0"));
    }

    /** Whether a digit comes next, perhaps behind a point. */
    private static boolean hasDigits(long address, int radix) {
        int c = Memory.getByte(address);
        return isDigit(c, radix) || (c == '.' && isDigit(Memory.getByte(address + 1), radix));
    }

    private void skipDigits(int radix) {
        boolean hasPoint = false;
        while (isDigit(byteAt(0), radix) || (byteAt(0) == '.' && !hasPoint)) {
            hasPoint |= byteAt(0) == '.';
            at++;
        }
    }

    private boolean skipExponent(char letter) {
        if ((byteAt(0) | 0x20) != letter) {
            return false;
        }
        int sign = byteAt(1) == '-' || byteAt(1) == '+' ? 1 : 0;
        if (!isDigit(byteAt(1 + sign), 10)) {
            return false;
        }
        at += 1 + sign;
        while (isDigit(byteAt(0), 10)) {
            at++;
        }
        return true;
    }

    /** Not-a-number may have letters, digits and underscores in parentheses. */
    private void skipPayload() {
        if (Memory.getByte(end) != '(') {
            return;
        }
        long close = end + 1;
        int c = Memory.getByte(close);
        while (c > 0 && (Character.isLetterOrDigit(c) || c == '_')) {
            close++;
            c = Memory.getByte(close);
        }
        if (c == ')') {
            end = close + 1;
        }
    }

    private boolean isWord(String lower) {
        for (int i = 0; i < lower.length(); i++) {
            if ((byteAt(i) | 0x20) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int byteAt(int offset) {
        return Memory.getByte(at + offset);
    }

    private static boolean isDigit(int c, int radix) {
        return c > 0 && Character.digit(c, radix) >= 0;
    }

    private static String text(long from, long to) {
        return new String(Memory.bytes(from, (int) (to - from)), StandardCharsets.ISO_8859_1);
    }
}
