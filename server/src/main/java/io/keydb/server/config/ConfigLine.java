package io.keydb.server.config;

import io.keydb.server.support.Version;
import java.util.List;
import java.util.Locale;

/**
 * One line that sets a directive, and where it stands.
 *
 * <p>Threads: immutable.
 *
 * @param source where it comes from
 * @param place the name of the file it was included from, or of the environment variable; empty for
 *     the configuration file itself and the command line
 * @param number the number of the line, from 1; those of the command line go on behind the file
 * @param text the line as it was written
 * @param words the name of the directive and its arguments
 */
public record ConfigLine(Source source, String place, int number, String text, List<String> words) {

    /** Where a line comes from. */
    public enum Source {
        FILE,
        ENVIRONMENT,
        COMMAND_LINE
    }

    /** The name of the directive in lower case. */
    public String name() {
        return words.getFirst().toLowerCase(Locale.ROOT);
    }

    public List<String> arguments() {
        return words.subList(1, words.size());
    }

    /** The same line without its arguments, for directives that hold a secret. */
    ConfigLine redacted() {
        return new ConfigLine(source, place, number, name() + " (redacted)", words);
    }

    ConfigFileException refused(String reason) {
        return refused(source, place, number, text, reason);
    }

    static ConfigFileException refused(
            Source source, String place, int number, String text, String reason) {
        String where =
                source == Source.ENVIRONMENT
                        ? "Reading the environment, variable " + place
                        : "Reading the configuration file, at line " + number + included(place);
        return new ConfigFileException(
                "\n*** FATAL CONFIG FILE ERROR (Redis %s) ***\n%s\n>>> '%s'\n%s"
                        .formatted(Version.REDIS, where, text, reason));
    }

    private static String included(String place) {
        return place.isEmpty() ? "" : " of " + place;
    }
}
