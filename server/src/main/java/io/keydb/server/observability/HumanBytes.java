package io.keydb.server.observability;

import java.util.Locale;

/** Amounts of memory as people read them: {@code 512B}, {@code 1.50M}. */
final class HumanBytes {
    private static final String UNITS = "KMGTPE";

    private HumanBytes() {}

    static String of(long bytes) {
        if (bytes < 1024) {
            return bytes + "B";
        }
        int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        return String.format(
                Locale.ROOT,
                "%.2f%c",
                bytes / (double) (1L << (unit * 10)),
                UNITS.charAt(unit - 1));
    }
}
