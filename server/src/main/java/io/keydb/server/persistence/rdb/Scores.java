package io.keydb.server.persistence.rdb;

import io.keydb.server.memory.Memory;
import io.keydb.server.value.Element;
import java.nio.charset.StandardCharsets;

/**
 * Scores of sorted sets as text.
 *
 * <p>Threads: stateless.
 */
final class Scores {
    private static final int LONGEST = 128;

    private Scores() {}

    /** The score that an element of a packed sorted set is. */
    static double of(Element element) throws RdbException {
        return element.isInteger() ? element.integer() : parse(element.address(), element.length());
    }

    /** A score in the oldest form: length and text, or one of three special lengths. */
    static double textNumber(RdbCursor in) throws RdbException {
        if (!in.has(1)) {
            return 0;
        }
        int length = in.next();
        if (length >= RdbFormat.LEAST_SPECIAL_NUMBER) {
            return switch (length) {
                case RdbFormat.LEAST_SPECIAL_NUMBER -> Double.NaN;
                case RdbFormat.LEAST_SPECIAL_NUMBER + 1 -> Double.POSITIVE_INFINITY;
                default -> Double.NEGATIVE_INFINITY;
            };
        }
        long address = in.address();
        return in.skip(length) ? parse(address, length) : 0;
    }

    private static double parse(long address, int length) throws RdbException {
        if (length == 0 || length > LONGEST) {
            throw damaged();
        }
        String text = new String(Memory.bytes(address, length), StandardCharsets.ISO_8859_1);
        switch (text) {
            case "inf", "+inf" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-inf" -> {
                return Double.NEGATIVE_INFINITY;
            }
            default -> {
                return number(text);
            }
        }
    }

    private static double number(String text) throws RdbException {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
                throw damaged();
            }
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException notANumber) {
            throw damaged();
        }
    }

    private static RdbException damaged() {
        return new RdbException("a damaged score");
    }
}
