package io.keydb.server.config;

import java.util.List;
import java.util.Locale;

/**
 * One line that sets a directive, and where it stands.
 *
 * <p>Threads: immutable.
 *
 * @param origin the file, or {@link #COMMAND_LINE}
 * @param number the number of the line, from 1; means nothing on the command line
 * @param text the line as it was written
 * @param words the name of the directive and its arguments
 */
public record ConfigLine(String origin, int number, String text, List<String> words) {
    static final String COMMAND_LINE = "command line";

    /** The name of the directive in lower case. */
    public String name() {
        return words.getFirst().toLowerCase(Locale.ROOT);
    }

    public List<String> arguments() {
        return words.subList(1, words.size());
    }

    /** The same line without its arguments, for directives that hold a secret. */
    ConfigLine redacted() {
        return new ConfigLine(origin, number, name() + " (redacted)", words);
    }

    ConfigFileException refused(String reason) {
        return refused(origin, number, text, reason);
    }

    static ConfigFileException refused(String origin, int number, String text, String reason) {
        String place =
                origin.equals(COMMAND_LINE)
                        ? "Reading the command line"
                        : "Reading the configuration file " + origin + ", at line " + number;
        return new ConfigFileException(
                "\n*** FATAL CONFIG FILE ERROR ***\n%s\n>>> '%s'\n%s"
                        .formatted(place, text, reason));
    }
}
