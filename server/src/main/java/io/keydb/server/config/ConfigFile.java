package io.keydb.server.config;

import io.keydb.server.config.ConfigLine.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads configuration files in the syntax of {@code redis.conf}: one directive per line, {@code #}
 * comments, quotes and escapes (see {@link WordSplitter}), and {@code include path}, where the path
 * may be a pattern (see {@link PathPattern}): the files it matches are read in the order of their
 * names, and none is no error. A path that is not absolute starts at the working directory.
 *
 * <p>Threads: confined to the caller.
 */
final class ConfigFile {
    private final List<ConfigLine> lines = new ArrayList<>();
    private final Deque<Path> open = new ArrayDeque<>();
    private int linesRead;

    /** The lines in the order in which they count. */
    List<ConfigLine> lines() {
        return List.copyOf(lines);
    }

    /** The number of the first line behind what was read, as stock counts: one stays empty. */
    int nextNumber() {
        return linesRead + 2;
    }

    /** Reads the file and all it includes. */
    void readFile(Path file) throws ConfigFileException {
        Path absolute = file.toAbsolutePath().normalize();
        linesRead += readFile(absolute, null);
    }

    /** Reads what stands behind the file, such as the standard input. */
    void readStream(InputStream input) throws ConfigFileException {
        try {
            String text = new String(input.readAllBytes(), StandardCharsets.UTF_8);
            linesRead += readText(text, "", linesRead);
        } catch (IOException unreadable) {
            throw new ConfigFileException(
                    "Fatal error, can't read the standard input: " + FileError.reason(unreadable));
        }
    }

    private int readFile(Path file, @Nullable Path includedBy) throws ConfigFileException {
        String place = includedBy == null ? "" : file.toString();
        open.push(file);
        int count = readText(text(file), place, 0);
        open.pop();
        return count;
    }

    /** Gives how many lines end. */
    private int readText(String text, String place, int before) throws ConfigFileException {
        String[] all = text.split("\n", -1);
        for (int i = 0; i < all.length; i++) {
            String line = all[i].strip();
            if (!line.isEmpty() && line.charAt(0) != '#') {
                readLine(place, before + i + 1, line);
            }
        }
        return all.length - 1;
    }

    private void readLine(String place, int number, String text) throws ConfigFileException {
        List<String> words = WordSplitter.split(text);
        if (words == null) {
            throw ConfigLine.refused(
                    Source.FILE, place, number, text, "Unbalanced quotes in configuration line");
        }
        ConfigLine line = new ConfigLine(Source.FILE, place, number, text, words);
        if (line.name().equals("include") && words.size() == 2) {
            include(line, words.get(1));
        } else {
            lines.add(line);
        }
    }

    private void include(ConfigLine line, String pattern) throws ConfigFileException {
        List<Path> files =
                PathPattern.isPattern(pattern)
                        ? PathPattern.matches(pattern)
                        : List.of(Path.of(pattern).toAbsolutePath().normalize());
        for (Path file : files) {
            if (open.contains(file)) {
                throw line.refused("the file includes itself");
            }
            readFile(file, open.peek());
        }
    }

    private static String text(Path file) throws ConfigFileException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new ConfigFileException(
                    "Fatal error, can't open config file '%s': %s"
                            .formatted(file, FileError.reason(unreadable)));
        }
    }
}
