package io.keydb.server.config;

import java.util.Locale;

/**
 * The notation of amounts of memory: a whole number and a unit. {@code k m g} are powers of 1000,
 * {@code kb mb gb} powers of 1024, {@code b} or nothing means bytes; case does not matter. An empty
 * text means 0, as in stock.
 *
 * <p>Threads: immutable.
 */
public final class MemorySize {
    private MemorySize() {}

    /** Bytes of {@code text}. */
    public static long parse(String text) throws InvalidValue {
        int digits = 0;
        while (digits < text.length() && isDigit(text.charAt(digits))) {
            digits++;
        }
        long unit = unit(text.substring(digits).toLowerCase(Locale.ROOT));
        try {
            long number = text.isEmpty() ? 0 : Long.parseLong(text.substring(0, digits));
            return Math.multiplyExact(number, unit);
        } catch (NumberFormatException | ArithmeticException noNumber) {
            throw notMemory();
        }
    }

    /** The text of an amount, in the largest power of 1024 that divides it. */
    public static String print(long bytes) {
        String[] units = {"gb", "mb", "kb"};
        for (int i = 0; i < units.length && bytes != 0; i++) {
            long unit = 1L << (10 * (units.length - i));
            if (bytes % unit == 0) {
                return bytes / unit + units[i];
            }
        }
        return Long.toString(bytes);
    }

    private static long unit(String name) throws InvalidValue {
        return switch (name) {
            case "", "b" -> 1;
            case "k" -> 1000;
            case "kb" -> 1024;
            case "m" -> 1000 * 1000;
            case "mb" -> 1024 * 1024;
            case "g" -> 1000L * 1000 * 1000;
            case "gb" -> 1024L * 1024 * 1024;
            default -> throw notMemory();
        };
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static InvalidValue notMemory() {
        return new InvalidValue("argument must be a memory value");
    }
}
