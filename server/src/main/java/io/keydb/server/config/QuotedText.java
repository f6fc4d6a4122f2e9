package io.keydb.server.config;

import java.nio.charset.StandardCharsets;

/**
 * Text between double quotes, in a form that {@link WordSplitter} reads back to the same bytes.
 *
 * <p>Threads: immutable.
 */
public final class QuotedText {
    private QuotedText() {}

    /** The text with quotes around it and everything escaped that is not printable ASCII. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            switch (each) {
                case '\\', '"' -> quoted.append('\\').append((char) each);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case 7 -> quoted.append("\\a");
                case '\b' -> quoted.append("\\b");
                default -> plain(quoted, each);
            }
        }
        return quoted.append('"').toString();
    }

    private static void plain(StringBuilder quoted, byte each) {
        if (each >= ' ' && each < 127) {
            quoted.append((char) each);
        } else {
            quoted.append("\\x")
                    .append(Character.forDigit((each >> 4) & 0xf, 16))
                    .append(Character.forDigit(each & 0xf, 16));
        }
    }
}
