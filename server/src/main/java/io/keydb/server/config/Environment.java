package io.keydb.server.config;

import io.keydb.server.config.ConfigLine.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Directives set by environment variables, for containers. {@code KEYDB_CONFIG_MAXMEMORY_POLICY}
 * sets {@code maxmemory-policy}: the name in upper case with {@code _} for {@code -}. The value is
 * taken as it is, without quotes or escapes; a directive of several words takes it apart at blanks,
 * and each line of the value counts as a line of the file. {@code KEYDB_CONFIG_REQUIREPASS_FILE}
 * names a file that holds the value, which is how secrets are mounted.
 *
 * <p>The prefix has two words because Kubernetes itself sets {@code KEYDB_PORT} and its kind in
 * every container beside a service that is called {@code keydb}.
 *
 * <p>Threads: immutable.
 */
final class Environment {
    private static final String PREFIX = "KEYDB_CONFIG_";
    private static final String IN_FILE = "-file";

    private Environment() {}

    /** The lines that the variables stand for, in the order of their names. */
    static List<ConfigLine> lines(Map<String, String> variables, Directives directives)
            throws ConfigFileException {
        List<ConfigLine> lines = new ArrayList<>();
        for (Map.Entry<String, String> variable : new TreeMap<>(variables).entrySet()) {
            if (variable.getKey().startsWith(PREFIX)) {
                add(lines, variable.getKey(), variable.getValue(), directives);
            }
        }
        return lines;
    }

    private static void add(
            List<ConfigLine> lines, String variable, String value, Directives directives)
            throws ConfigFileException {
        String name = name(variable);
        Directive<?> directive = find(directives, name);
        String text = value;
        if (directive == null && name.endsWith(IN_FILE)) {
            directive = find(directives, name.substring(0, name.length() - IN_FILE.length()));
            text = directive == null ? "" : content(variable, value);
        }
        if (directive == null) {
            throw ConfigLine.refused(
                    Source.ENVIRONMENT, variable, 0, name, "There is no such directive");
        }
        for (String line : text.isEmpty() ? List.of("") : text.lines().toList()) {
            lines.add(line(variable, directive, line));
        }
    }

    private static String name(String variable) {
        return variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Four directives of stock have a {@code _} in their name. */
    private static @Nullable Directive<?> find(Directives directives, String name) {
        Directive<?> found = directives.find(name);
        return found == null ? directives.find(name.replace('-', '_')) : found;
    }

    private static ConfigLine line(String variable, Directive<?> directive, String value) {
        List<String> words = new ArrayList<>();
        words.add(directive.name());
        if (directive.type().takesSeveralWords() && !value.isBlank()) {
            words.addAll(List.of(value.strip().split("\\s+")));
        } else {
            words.add(value);
        }
        String text = directive.name() + " " + value;
        return new ConfigLine(Source.ENVIRONMENT, variable, 0, text, List.copyOf(words));
    }

    private static String content(String variable, String file) throws ConfigFileException {
        try {
            return Files.readString(Path.of(file)).stripTrailing();
        } catch (IOException unreadable) {
            throw ConfigLine.refused(
                    Source.ENVIRONMENT, variable, 0, file, FileError.reason(unreadable));
        }
    }
}
